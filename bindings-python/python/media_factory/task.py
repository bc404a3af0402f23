"""A live handle of one request for media."""

from __future__ import annotations

from media_factory.errors import task_failed
from media_factory.output import MediaOutput
from media_factory.types import MediaType, ProcessingStatus, media_type_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from datetime import datetime
    from typing import Any, NoReturn

    from media_factory import _core
    from media_factory.callbacks import Callbacks
    from media_factory.errors import MediaFactoryError
    from media_factory.events import EventStream, TaskEvent

__all__ = ["MediaTask"]


class MediaTask:
    """One request for media, whose state moves while it runs.

    Tasks are made by ``process``, never directly. Two handles of one task are equal. A task that
    nobody holds keeps running and stays in its registry.

    ``await task`` gives the task when it is COMPLETED and raises as ``wait`` does. Cancelling the
    asyncio task that awaits it cancels this task as well; ``wait_async`` only stops waiting.
    """

    __slots__ = ("__weakref__", "_callbacks", "_core", "_error")

    def __init__(self, core: _core.Task, callbacks: Callbacks) -> None:
        """Wrap a task of the core."""
        self._core = core
        self._callbacks = callbacks
        self._error: MediaFactoryError | None = None

    @property
    def task_id(self) -> str:
        """A UUID of version 7, which sorts by creation."""
        return self._core.id

    @property
    def media_type(self) -> MediaType | str:
        """What it makes; the registered name for custom workflows."""
        return media_type_of(self._core.media_type)

    @property
    def status(self) -> ProcessingStatus:
        """Where it stands at this moment."""
        return ProcessingStatus(self._core.status)

    @property
    def parameters(self) -> dict[str, Any]:
        """A copy of the parameters; media as bytes, URL or file name."""
        return self._core.parameters

    @property
    def created_at(self) -> datetime:
        """When it was made, in UTC."""
        return _moment(self._core.created_at)

    @property
    def started_at(self) -> datetime | None:
        """When it became PROCESSING, in UTC."""
        return _moment_or_none(self._core.started_at)

    @property
    def updated_at(self) -> datetime:
        """When it last changed, in UTC."""
        return _moment(self._core.updated_at)

    @property
    def finished_at(self) -> datetime | None:
        """When it became terminal, in UTC."""
        return _moment_or_none(self._core.finished_at)

    @property
    def progress(self) -> float | None:
        """From 0 to 1, never going backwards; ``None`` where the service does not say."""
        return self._core.progress

    @property
    def stage(self) -> str | None:
        """What the service is doing, where it says."""
        return self._core.stage

    @property
    def eta_seconds(self) -> float | None:
        """Seconds that the service expects to need, where it says."""
        return self._core.eta_seconds

    @property
    def result(self) -> dict[str, Any] | None:
        """``{"outputs": [MediaOutput, ...], "raw": <the service's own body>}`` once COMPLETED."""
        if self._core.status != "completed":
            return None
        return {"outputs": self.outputs, "raw": self._core.raw_result}

    @property
    def outputs(self) -> list[MediaOutput]:
        """The files of a COMPLETED task; before that an empty list."""
        return [MediaOutput(output) for output in self._core.outputs]

    @property
    def error(self) -> MediaFactoryError | None:
        """Why it FAILED or was CANCELLED; its ``str()`` is the message."""
        if self._error is None:
            error = self._core.error
            if error is not None:
                error.task = self
                self._error = error
        return self._error

    @property
    def metadata(self) -> dict[str, Any]:
        """A copy of what is known beyond the state: ``model``, ``endpoint`` and what fits."""
        return self._core.metadata

    @property
    def remote_id(self) -> str | None:
        """The service's own id of the task, once it has given one."""
        return self._core.remote_id

    @property
    def attempts(self) -> int:
        """How many submissions were made."""
        return self._core.attempts

    def to_dict(self) -> dict[str, Any]:
        """Give the state at this moment as plain data, the same as JavaScript's ``toJSON()``.

        Times are ISO 8601 text in UTC; media are described, not contained.
        """
        from media_factory.times import plain_task

        return plain_task(self._core.snapshot())

    def wait(self, timeout: float | None = None) -> MediaTask:
        """Block until it is terminal and give it back when it is COMPLETED.

        Raises ``TaskFailed`` (with the task's error as cause), ``TaskCancelled``, or
        ``WaitTimeout`` after ``timeout`` seconds, in which case the task goes on; and
        ``ValidationError`` for a ``timeout`` that is no number from 0. Ctrl-C ends the wait, not
        the task.
        """
        self._core.wait(timeout)
        return self._settled(timeout)

    async def wait_async(self, timeout: float | None = None) -> MediaTask:
        """Do what ``wait`` does without blocking the event loop."""
        if not self._core.settle(timeout):
            from media_factory.event_loop import ready_within

            await ready_within(self._core, timeout)
        return self._settled(timeout)

    def __await__(self) -> Generator[Any, None, MediaTask]:
        """Wait without blocking the event loop; see the class."""
        if not self._core.finished:
            from media_factory.event_loop import wait_for

            yield from wait_for(self._core, self.cancel)
        return self._settled(None)

    def _settled(self, timeout: float | None) -> MediaTask:
        """Give the task if it is COMPLETED, else raise how it ended, or that it has not."""
        error = self._core.outcome(timeout)
        if error is None:
            return self
        if self._core.status == "failed":
            cause = self.error or error
            raise task_failed(cause, self) from cause
        error.task = self
        raise error

    def events(self) -> EventStream:
        """Follow it: one ``snapshot``, then everything after that, up to the terminal event.

        For ``for`` and ``async for``. Who reads slowly may miss ``progress`` and ``preview`` (only
        the newest is kept), never another kind.
        """
        from media_factory.events import EventStream

        return EventStream(self._core.events())

    def on_update(self, callback: Callable[[TaskEvent], object]) -> Callable[[], None]:
        """Call ``callback`` with every event from now on; gives a function that ends that.

        Under a running event loop it is called there, otherwise on the registry's dispatcher
        thread. What it raises is logged (logger ``media_factory``). It cannot block on a task.
        """
        subscription = self._callbacks.subscription(callback)
        key = self._core.subscribe(subscription.inbox, subscription.key)

        def unsubscribe() -> None:
            self._core.unsubscribe(key)
            subscription.end()

        if self._core.finished:
            unsubscribe()
        return unsubscribe

    def cancel(self) -> bool:
        """Make it CANCELLED at once and tell the service to stop; ``False`` when it had ended."""
        return self._core.cancel()

    def start(self) -> None:
        """Mark it as PROCESSING. For custom workflows.

        Raises ``ValidationError`` when it is not PENDING; does nothing after CANCELLED.
        """
        self._core.start()

    def report_progress(self, progress: float, stage: str | None = None) -> None:
        """Say how far it is, from 0 to 1. For custom workflows.

        Raises ``ValidationError`` when it is not PROCESSING or ``progress`` is out of range; does
        nothing after CANCELLED.
        """
        self._core.report(progress, stage)

    def log(self, message: str) -> None:
        """Tell something the user should know, as a ``log`` event. For custom workflows."""
        self._core.log(message)

    def complete(self, result: Any = None) -> None:
        """End it as COMPLETED. For custom workflows.

        ``result`` is plain data and becomes ``task.result["raw"]``. A dictionary may name files
        under ``outputs``, a list of ``MediaOutput`` or bytes; bytes or a ``MediaOutput`` alone are
        one file.

        Raises ``ValidationError`` when it is terminal already or an output is not bytes; does
        nothing after CANCELLED.
        """
        raw, outputs = _parts(result)
        self._core.complete(raw, [_output(output)._core for output in outputs])

    def fail(self, error: BaseException | str) -> None:
        """End it as FAILED. For custom workflows.

        An exception that is not one of Media Factory's gets the code ``internal``, and becomes the
        cause of the task's error. Raises ``ValidationError`` when it is terminal already or
        ``error`` is neither an exception nor text; does nothing after CANCELLED.
        """
        if isinstance(error, str):
            from media_factory.errors import MediaFactoryError

            error = MediaFactoryError(error)
        elif not isinstance(error, BaseException):
            from media_factory.issues import wrong_argument

            message = f"error must be an exception or a text, not {type(error).__name__}"
            raise wrong_argument("error", message)
        self._core.fail(error)

    def __eq__(self, other: object) -> bool:
        """Two handles of one task are equal."""
        return isinstance(other, MediaTask) and self._core.id == other._core.id

    def __hash__(self) -> int:
        """Agree with equality."""
        return hash(self._core.id)

    def __repr__(self) -> str:
        """Say which task it is and where it stands; no parameters, which may be private."""
        progress = self._core.progress
        done = "" if progress is None else f" {progress:.0%}"
        return f"<MediaTask {self._core.id} {self._core.media_type} {self._core.status}{done}>"

    def _repr_html_(self) -> str:
        """Give what notebooks show of it at this moment."""
        from media_factory.notebook import card

        return card(self)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """Give it as text and as HTML."""
        return {"text/plain": repr(self), "text/html": self._repr_html_()}

    def _ipython_display_(self) -> None:
        """Show a card that follows the task, in a notebook."""
        from media_factory.notebook import in_kernel, show

        if not in_kernel():
            # IPython then shows it in the other way.
            raise NotImplementedError
        show(self)

    def __reduce__(self) -> NoReturn:
        """Refuse: a live handle belongs to its process."""
        message = "a MediaTask is a live handle and cannot be pickled; use task.to_dict()"
        raise TypeError(message)


def _parts(result: Any) -> tuple[Any, list[Any]]:
    """Split what a custom workflow made into plain data and files."""
    if isinstance(result, (bytes, bytearray, memoryview, MediaOutput)):
        return None, [result]
    if isinstance(result, dict) and "outputs" in result:
        rest = {key: value for key, value in result.items() if key != "outputs"}
        return rest.get("raw", rest), _listed(result["outputs"])
    return result, []


def _listed(outputs: Any) -> list[Any]:
    """List the files under ``outputs``; ``None`` is none."""
    if outputs is None:
        return []
    one_value = isinstance(outputs, (str, bytes, bytearray, memoryview, dict))
    if hasattr(outputs, "__iter__") and not one_value:
        return list(outputs)
    from media_factory.issues import wrong_argument

    kind = type(outputs).__name__
    raise wrong_argument("outputs", f"outputs must be a list, not {kind}: an output needs bytes")


def _output(output: Any) -> MediaOutput:
    return output if isinstance(output, MediaOutput) else MediaOutput.from_bytes(output)


def _moment(milliseconds: int) -> datetime:
    from media_factory.times import moment

    return moment(milliseconds)


def _moment_or_none(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else _moment(milliseconds)
