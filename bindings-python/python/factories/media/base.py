"""What all media workflows have in common: tasks as records, and the base class."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import UserDict
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

import media_factory

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

__all__ = ["MediaFactory", "MediaTask", "MediaType", "ProcessingStatus"]


class MediaType(Enum):
    """What a workflow makes."""

    IMAGE = "image"
    VIDEO = "video"
    VOICE = "voice"


class ProcessingStatus(Enum):
    """Where a task stands."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class _Record:
    """What a task knows beside its fields."""

    _live: media_factory.MediaTask | None = None
    _seen: tuple[str, datetime] | None = None


@dataclass
class MediaTask(_Record):
    """A record of one request for media.

    As soon as a workflow holds it, it follows what happens: each field is what was assigned to it
    last, by you or by the running work. Assigning ``status`` moves the task itself, where that is
    legal; ``ValueError`` where it is not.
    """

    task_id: str
    media_type: MediaType
    status: ProcessingStatus
    parameters: dict[str, Any]
    created_at: datetime
    """Local time without a zone, like all times here."""
    updated_at: datetime
    result: dict[str, Any] | None = None
    """``{"outputs": [MediaOutput, ...], "raw": <the service's own body>}`` once COMPLETED."""
    error: str | None = None
    """Why it FAILED."""
    metadata: dict[str, Any] | None = None
    """``model``, ``endpoint`` and what fits the medium."""

    @property
    def live(self) -> media_factory.MediaTask | None:
        """The task itself, with events, progress and outputs; ``None`` before a workflow has it."""
        return self._live

    @property
    def outputs(self) -> list[media_factory.MediaOutput]:
        """The files of a COMPLETED task."""
        return [] if self._live is None else self._live.outputs

    def wait(self, timeout: float | None = None) -> MediaTask:
        """Block until it is COMPLETED; raises as ``media_factory.MediaTask.wait`` does."""
        self._must_live().wait(timeout)
        return self

    def __await__(self) -> Generator[Any, None, MediaTask]:
        """Do what ``wait`` does without blocking the event loop."""
        yield from self._must_live().__await__()
        return self

    def _must_live(self) -> media_factory.MediaTask:
        if self._live is None:
            raise ValueError(f"no workflow holds task {self.task_id}")
        return self._live

    def _catch_up(self) -> None:
        """Take over what has happened since somebody last looked."""
        live = self._live
        if live is None or self._seen == _moved(live):
            return
        self._seen = _moved(live)
        news = {
            "status": ProcessingStatus(live.status.value),
            "updated_at": local(live.updated_at),
            "result": live.result,
            "error": str(live.error) if live.status.value == "failed" else None,
            "metadata": live.metadata or None,
        }
        self.__dict__.update({name: value for name, value in news.items() if value is not None})

    def _move(self, status: ProcessingStatus) -> None:
        """Let the task follow its record."""
        live = self._live
        if live is None:
            return
        # Members of media_factory's own enum, and values, say the same.
        wanted = ProcessingStatus(getattr(status, "value", status))
        if live.status.value == wanted.value:
            return
        if wanted is ProcessingStatus.PROCESSING:
            live.start()
        elif wanted is ProcessingStatus.COMPLETED:
            live._core.complete(_plain(self.__dict__["result"]), [])
        elif wanted is ProcessingStatus.FAILED:
            live.fail(str(self.__dict__["error"] or "the workflow gave no reason"))
        elif wanted is ProcessingStatus.CANCELLED:
            live.cancel()
        if live.status.value != wanted.value:
            raise ValueError(f"task {self.task_id} is {live.status} and stays so")
        self._seen = _moved(live)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        """Show the live task in a notebook."""
        if self._live is None:
            return {"text/plain": repr(self)}
        return self._live._repr_mimebundle_(include, exclude)

    def __getstate__(self) -> dict[str, Any]:
        """Pickle and copy the record as it is at this moment, without the live task."""
        self._catch_up()
        return {name: value for name, value in self.__dict__.items() if name not in _NO_FIELDS}


_NO_FIELDS = frozenset(_Record.__annotations__)


class _Followed:
    """A field that may change by itself."""

    def __init__(self, name: str, standard: object) -> None:
        self._name = name
        self._standard = standard

    def __get__(self, task: MediaTask | None, owner: type[MediaTask]) -> Any:
        if task is None:
            return self._standard
        task._catch_up()
        return task.__dict__[self._name]

    def __set__(self, task: MediaTask, value: Any) -> None:
        task._catch_up()
        if self._name == "status":
            task._move(value)
        task.__dict__[self._name] = value


# After the decorator, which would take them for default values.
for _name in ("status", "updated_at", "result", "error", "metadata"):
    setattr(MediaTask, _name, _Followed(_name, getattr(MediaTask, _name, None)))


def local(moment: datetime) -> datetime:
    """Give a moment as local time without a zone."""
    return moment.astimezone().replace(tzinfo=None)


def _moved(live: media_factory.MediaTask) -> tuple[str, datetime]:
    return live.status.value, live.updated_at


def _plain(result: Any) -> Any:
    """What the store can keep of a result: plain data, or else a description."""
    import json

    try:
        return json.loads(json.dumps(result))
    except (TypeError, ValueError):
        return {"result": repr(result)}


class _Tasks(UserDict[str, MediaTask]):
    """The tasks of a workflow; what is put in here is in Media Factory's registry as well."""

    def __init__(self, factory: MediaFactory) -> None:
        super().__init__()
        self._factory = factory
        self._next_sweep = 1024

    def __setitem__(self, task_id: str, task: MediaTask) -> None:
        if isinstance(task, MediaTask) and task.live is None:
            self._adopt(task)
        super().__setitem__(task_id, task)
        if len(self) >= self._next_sweep:
            self._sweep()

    def _adopt(self, task: MediaTask) -> None:
        workflow = self._factory._workflow()
        status, medium = task.status, task.media_type
        simple = (str, bytes, int, float, list, dict, type(None))
        given = task.parameters if isinstance(task.parameters, dict) else {}
        parameters = {key: value for key, value in given.items() if isinstance(value, simple)}
        name = str(medium.value if isinstance(medium, Enum) else medium)
        live = workflow._handle(workflow._core.adopt(str(task.task_id), name, parameters))
        # Its fields are newer than the task in the store.
        task._live, task._seen = live, _moved(live)
        task._move(status)

    def _sweep(self) -> None:
        """Forget what the registry has evicted, which keeps `history_limit` ended tasks."""
        known = media_factory.MediaFactoryRegistry.get_task
        for task_id, task in list(self.items()):
            if task.live is not None and task.live.status.is_terminal and not known(task_id):
                del self[task_id]
        self._next_sweep = max(1024, 2 * len(self))


class _Host(media_factory.MediaFactory):
    """Holds the tasks of a workflow that runs them itself."""

    def process(self, parameters: Mapping[str, Any]) -> media_factory.MediaTask:
        """Give a task that nothing moves but its owner."""
        return self.create_task(parameters)


class MediaFactory(ABC):
    """The base class of media workflows."""

    def __init__(self, config: dict[str, Any] | None = None) -> None:
        """Keep ``config``, then run ``_setup``."""
        self.config: dict[str, Any] = config or {}
        self._tasks: _Tasks | dict[str, MediaTask] = _Tasks(self)
        self._hosting: media_factory.MediaFactory | None = None
        self._setup()

    @abstractmethod
    def _setup(self) -> None:
        """Prepare what the workflow needs."""

    @abstractmethod
    def process(self, parameters: dict[str, Any]) -> MediaTask:
        """Start a task and give it back."""

    @abstractmethod
    def validate_parameters(self, parameters: dict[str, Any]) -> bool:
        """Say whether ``parameters`` are valid."""

    @abstractmethod
    def _get_supported_formats(self) -> list[str]:
        """List the file formats that it makes."""

    @abstractmethod
    def _get_features(self) -> list[str]:
        """List what it can do, in words."""

    def get_task(self, task_id: str) -> MediaTask | None:
        """Give the task with that id, ``None`` when it is unknown."""
        return self._tasks.get(task_id)

    def list_tasks(self, status: ProcessingStatus | None = None) -> list[MediaTask]:
        """List the tasks in the order of their creation, or those with one status."""
        tasks = list(self._tasks.values())
        return tasks if status is None else [task for task in tasks if task.status == status]

    def cancel_task(self, task_id: str) -> bool:
        """Cancel a task; ``False`` when there is none of that id that runs."""
        task = self._tasks.get(task_id)
        if task is None:
            return False
        if task.live is not None:
            return task.live.cancel()
        if task.status not in (ProcessingStatus.PENDING, ProcessingStatus.PROCESSING):
            return False
        task.status = ProcessingStatus.CANCELLED
        task.updated_at = datetime.now()
        return True

    def get_capabilities(self) -> dict[str, Any]:
        """Give ``{"media_type": <the class's name>, "supported_formats", "features"}``."""
        return {
            "media_type": type(self).__name__,
            "supported_formats": self._get_supported_formats(),
            "features": self._get_features(),
        }

    def _workflow(self) -> media_factory.MediaFactory:
        """What holds this workflow's tasks."""
        if self._hosting is None:
            self._hosting = _Host()
        return self._hosting
