"""The base of all workflows: what makes tasks of one medium, built in or a user's own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping

from media_factory.errors import ConfigError
from media_factory.task import MediaTask
from media_factory.types import MediaType, ProcessingStatus, media_type_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from media_factory._core import Inbox, OwnTransport
    from media_factory._core import Task as CoreTask
    from media_factory._core import Workflow as CoreWorkflow
    from media_factory.events import TaskEvent
    from media_factory.issues import ValidationIssue
    from media_factory.registry import MediaFactoryRegistry

    OnUpdate = Callable[[TaskEvent], object]
    Body = Callable[[MediaTask], Any]

__all__ = ["MediaFactory", "items_of"]


class MediaFactory(ABC):
    """The base of all workflows.

    A workflow of your own implements ``process``, which gives a task made by ``create_task`` or
    ``run_task``, and may implement ``_setup``, ``validate_parameters``, ``_get_supported_formats``
    and ``_get_features``. Registered under a name it behaves like a built-in one.
    """

    _registry: MediaFactoryRegistry | None = None
    _name: str | None = None
    _connection: tuple[CoreWorkflow, OwnTransport | None] | None = None

    def __init__(self, config: Mapping[str, Any] | None = None) -> None:
        """Read ``config``, then run ``_setup``.

        Belongs to the default registry, unless another registry's ``get_workflow`` makes it.
        Raises ``ConfigError`` with every problem of the configuration.
        """
        from media_factory.registry import default_registry

        registry = self._registry = self._registry or default_registry()
        self._name = self._name or registry.name_of(type(self))
        self._connection = registry.connect(self._name, config)
        self.config: Mapping[str, Any] = {} if config is None else config
        self._setup()

    @property
    def media_type(self) -> MediaType | str:
        """What it makes; the registered name for custom workflows."""
        return media_type_of(self._core.media_type)

    def _setup(self) -> None:  # noqa: B027 (there may be nothing to prepare)
        """Prepare what the workflow needs; runs in the constructor."""

    @abstractmethod
    def process(self, parameters: Mapping[str, Any]) -> MediaTask:
        """Start a task and give it back at once, PENDING."""

    def validate_parameters(
        self, parameters: Mapping[str, Any]
    ) -> bool | list[str] | list[ValidationIssue]:
        """Say whether ``parameters`` are valid, without I/O.

        ``True`` or an empty list means valid; ``False`` or a list of problems means not.
        """
        return not self._core.check(parameters)

    def _get_supported_formats(self) -> list[str]:
        """List the file formats that it makes."""
        formats: list[str] = self._core.capabilities()["supported_formats"]
        return formats

    def _get_features(self) -> list[str]:
        """List what it can do, in words."""
        features: list[str] = self._core.capabilities()["features"]
        return features

    def check(self, parameters: Mapping[str, Any]) -> list[ValidationIssue]:
        """List every problem of ``parameters`` that shows without I/O; empty means valid."""
        if self._validates_itself():
            from media_factory.issues import problems_of

            return problems_of(self.validate_parameters(parameters))
        found = self._core.check(parameters)
        if not found:
            return []
        from media_factory.issues import issue_of

        return [issue_of(issue) for issue in found]

    def _validates_itself(self) -> bool:
        return type(self).validate_parameters is not MediaFactory.validate_parameters

    def batch_process(self, batch_parameters: Iterable[Mapping[str, Any]]) -> list[MediaTask]:
        """Run ``process`` for each item and give exactly one task per item, in order.

        What ``process`` raises becomes a FAILED task.
        """
        return [self._process_or_fail(parameters) for parameters in items_of(batch_parameters)]

    def _process_or_fail(self, parameters: Mapping[str, Any]) -> MediaTask:
        try:
            task = self.process(parameters)
            if not isinstance(task, MediaTask):
                kind = type(task).__name__
                raise ConfigError(f"{type(self).__name__}.process() gave {kind} and no MediaTask")
        except Exception as error:
            task = self.create_task(parameters if isinstance(parameters, dict) else {})
            task.fail(error)
        return task

    def create_task(
        self,
        parameters: Mapping[str, Any],
        metadata: Mapping[str, Any] | None = None,
        *,
        on_update: OnUpdate | None = None,
    ) -> MediaTask:
        """Make a PENDING task that this workflow runs itself.

        Move it with ``start``, ``report_progress``, ``complete`` and ``fail``. ``metadata`` is
        plain data. ``on_update`` is called with every event, ``created`` included.
        """
        inbox, key = self._listener(on_update)
        core = self._core.create_task(parameters, metadata, inbox, key)
        return self._handle(core)

    def run_task(
        self,
        parameters: Mapping[str, Any],
        body: Body,
        *,
        on_update: OnUpdate | None = None,
    ) -> MediaTask:
        """Make a task, run ``body(task)`` in the background, and end the task with what it gives.

        A plain function runs on a worker thread. What an ``async`` function gives is awaited on
        the caller's event loop, or on a loop of the worker thread where none runs. What ``body``
        gives goes to ``MediaTask.complete``, what it raises to ``MediaTask.fail``.

        Raises ``ValidationError`` when ``check`` finds problems; then there is no task.
        """
        issues = self.check(parameters)
        if issues:
            from media_factory.issues import invalid_parameters

            raise invalid_parameters(issues)
        task = self.create_task(parameters, on_update=on_update)
        self._home.bodies.run(task, body)
        return task

    def get_task(self, task_id: str) -> MediaTask | None:
        """Give this instance's task with that id, ``None`` when it is unknown or evicted."""
        core = self._core.task(str(task_id))
        return None if core is None else self._handle(core)

    def list_tasks(self, status: ProcessingStatus | str | None = None) -> list[MediaTask]:
        """List this instance's tasks in the order of their creation, or those with one status.

        Raises ``ValidationError`` for a status that there is not.
        """
        name = None if status is None else str(status)
        return [self._handle(core) for core in self._core.tasks(name)]

    def cancel_task(self, task_id: str) -> bool:
        """Cancel this instance's task with that id; ``False`` when there is none that runs."""
        return self._core.cancel_task(str(task_id))

    def get_capabilities(self) -> dict[str, Any]:
        """Say what the chosen protocol really does.

        ``{"media_type", "supported_formats", "features", "models", "protocol"}``, and ``styles``,
        ``resolutions`` or ``languages`` where they are fixed.
        """
        capabilities: dict[str, Any] = self._core.capabilities()
        capabilities["supported_formats"] = self._get_supported_formats()
        capabilities["features"] = self._get_features()
        return capabilities

    @property
    def _core(self) -> CoreWorkflow:
        if self._connection is None:
            raise self._unprepared()
        return self._connection[0]

    @property
    def _home(self) -> MediaFactoryRegistry:
        if self._registry is None:
            raise self._unprepared()
        return self._registry

    def _unprepared(self) -> ConfigError:
        name = type(self).__name__
        return ConfigError(f"{name}.__init__() has to call super().__init__(config)")

    def _must_be_prepared(self) -> None:
        if self._connection is None:
            raise self._unprepared()

    def _handle(self, core: CoreTask) -> MediaTask:
        return MediaTask(core, self._home.callbacks)

    def _listener(self, on_update: OnUpdate | None) -> tuple[Inbox | None, int]:
        if on_update is None:
            return None, 0
        subscription = self._home.callbacks.subscription(on_update)
        return subscription.inbox, subscription.key

    def __repr__(self) -> str:
        """Say what it is; no configuration, which holds secrets."""
        return f"<{type(self).__name__} {self._core.media_type} {self._core.service_endpoint}>"


def items_of(batch_parameters: Iterable[Any]) -> list[Any]:
    """Give the items of a batch.

    Raises ``ValidationError`` for what is no list of parameters.
    """
    one_value = isinstance(batch_parameters, (str, bytes, dict))
    if isinstance(batch_parameters, Iterable) and not one_value:
        return list(batch_parameters)
    from media_factory.issues import wrong_argument

    kind = type(batch_parameters).__name__
    message = f"batch_parameters must be a list of parameters, not {kind}"
    raise wrong_argument("batch_parameters", message)
