"""What happens to a task, told in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from media_factory import _core
    from media_factory.errors import MediaFactoryError
    from media_factory.output import MediaOutput
    from media_factory.types import ProcessingStatus

__all__ = ["EventStream", "TaskEvent"]


@dataclass(frozen=True)
class TaskEvent:
    """One thing that happened to a task. Which fields are set depends on ``kind``."""

    seq: int
    """Counts from 1 without gaps at the source."""
    task_id: str
    """The task."""
    at: datetime
    """When, in UTC."""
    kind: str
    """``snapshot created accepted status progress log preview`` or ``retry``."""
    status: ProcessingStatus | None = None
    """``created``, ``status``: where the task stands from now on."""
    error: MediaFactoryError | None = None
    """``status``: why the task FAILED."""
    remote_id: str | None = None
    """``accepted``: the service's own id of the task."""
    progress: float | None = None
    """``progress``: 0 to 1, never less than before."""
    stage: str | None = None
    """``progress``: what the service is doing; ``uploading`` before it has the task."""
    eta_seconds: float | None = None
    """``progress``: seconds that the service expects to need."""
    sent_bytes: int | None = None
    """``progress`` while ``uploading``: bytes of the task's inputs that have left."""
    total_bytes: int | None = None
    """``progress`` while ``uploading``: bytes of its inputs in all."""
    message: str | None = None
    """``log``, ``retry``: what the user should know."""
    output: MediaOutput | None = None
    """``preview``: the work so far, in memory."""
    attempt: int | None = None
    """``retry``: the number of the repetition that follows, from 1."""
    delay: float | None = None
    """``retry``: seconds until then."""
    reason: str | None = None
    """``retry``: the code of why the exchange failed."""
    task: dict[str, Any] | None = None
    """``snapshot``: the whole state, as ``MediaTask.to_dict`` gives it."""

    @property
    def is_terminal(self) -> bool:
        """Whether nothing follows."""
        from media_factory.types import ProcessingStatus

        if self.task is not None:
            return ProcessingStatus(self.task["status"]).is_terminal
        return self.kind == "status" and self.status is not None and self.status.is_terminal


def event_of(told: dict[str, Any]) -> TaskEvent:
    """Make the event for one of the core."""
    from media_factory.times import moment, plain_task
    from media_factory.types import ProcessingStatus

    members: dict[str, Any] = {**told, "at": moment(told["at"])}
    if "status" in members:
        members["status"] = ProcessingStatus(members["status"])
    if "output" in members:
        from media_factory.output import MediaOutput

        members["output"] = MediaOutput(members["output"])
    if "task" in members:
        members["task"] = plain_task(members["task"])
    return TaskEvent(**members)


class EventStream:
    """The events of one task, for ``for`` and ``async for``; ends after the terminal event."""

    __slots__ = ("_core",)

    def __init__(self, core: _core.EventStream) -> None:
        """Wrap a stream of the core."""
        self._core = core

    def __iter__(self) -> EventStream:
        """Iterate, blocking between events."""
        return self

    def __next__(self) -> TaskEvent:
        """Block until the next event."""
        told = self._core.next()
        if told is None:
            raise StopIteration
        return event_of(told)

    def __aiter__(self) -> EventStream:
        """Iterate without blocking the event loop."""
        return self

    async def __anext__(self) -> TaskEvent:
        """Wait for the next event."""
        from media_factory.event_loop import ready

        await ready(self._core)
        told = self._core.next()
        if told is None:
            raise StopAsyncIteration
        return event_of(told)
