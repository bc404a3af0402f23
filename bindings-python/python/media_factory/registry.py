"""Maps media types to workflow classes, and owns what their tasks share."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from enum import Enum
from functools import update_wrapper
from types import MethodType

from media_factory import _core, lifetime
from media_factory.bodies import Bodies
from media_factory.callbacks import Callbacks
from media_factory.service_workflow import ImageWorkflow, VideoWorkflow, VoiceWorkflow
from media_factory.task import MediaTask
from media_factory.types import MediaType, ProcessingStatus, media_type_of
from media_factory.workflow import MediaFactory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Concatenate, Literal, ParamSpec, Protocol, TypeVar, overload

    from media_factory.transport import Transport

    Given = ParamSpec("Given")
    Result = TypeVar("Result")

    class GetWorkflow(Protocol):
        """Which class belongs to which media type."""

        @overload
        def __call__(
            self,
            media_type: Literal[MediaType.IMAGE, "image"],
            config: Mapping[str, Any] | None = None,
        ) -> ImageWorkflow: ...
        @overload
        def __call__(
            self,
            media_type: Literal[MediaType.VIDEO, "video"],
            config: Mapping[str, Any] | None = None,
        ) -> VideoWorkflow: ...
        @overload
        def __call__(
            self,
            media_type: Literal[MediaType.VOICE, "voice"],
            config: Mapping[str, Any] | None = None,
        ) -> VoiceWorkflow: ...
        @overload
        def __call__(
            self, media_type: MediaType | str, config: Mapping[str, Any] | None = None
        ) -> MediaFactory: ...


__all__ = ["MediaFactoryRegistry", "default_registry"]

BUILT_IN: dict[str, type[MediaFactory]] = {
    "image": ImageWorkflow,
    "video": VideoWorkflow,
    "voice": VoiceWorkflow,
}


class _Either:
    """A method that, called on the class, acts on the default registry."""

    def __init__(self, method: Callable[..., Any]) -> None:
        self._method = method
        update_wrapper(self, method)  # type: ignore[arg-type]

    def __get__(self, registry: MediaFactoryRegistry | None, owner: object) -> MethodType:
        """Bind to the instance, or to the default registry."""
        return MethodType(self._method, default_registry() if registry is None else registry)


def either(
    method: Callable[Concatenate[MediaFactoryRegistry, Given], Result],
) -> staticmethod[Given, Result]:
    """Let ``method`` act on the default registry when it is called on the class.

    To a type checker it is what can be called on either without naming the registry.
    """
    return _Either(method)  # type: ignore[return-value]


class MediaFactoryRegistry:
    """Workflows by media type, and the tasks that they have made.

    Called on the class, every method acts on the default registry; ``MediaFactoryRegistry()`` is
    one of your own, with tasks, limits and defaults apart from all others.
    """

    def __init__(self, config: Mapping[str, Any] | None = None) -> None:
        """Make a registry; ``config`` as for ``configure``."""
        self._open(_core.Registry())
        if config is not None:
            self.configure(config)

    def _open(self, core: _core.Registry) -> None:
        self._core = core
        self._classes = dict(BUILT_IN)
        self._config: Mapping[str, Any] = {}
        self._transports: Mapping[str, Any] = {}
        self.callbacks = Callbacks()
        self.bodies = Bodies()
        lifetime.watch(self)

    def _take_over(self, inherited: MediaFactoryRegistry) -> None:
        """Know what the registry of the parent process knew, without its tasks."""
        for name, workflow in inherited._classes.items():
            self._core.register(name)
            self._classes[name] = workflow
        self.configure(inherited._config)

    def _get_workflow(
        self, media_type: MediaType | str, config: Mapping[str, Any] | None = None
    ) -> Any:
        """Give a new workflow for a media type, by member or by value.

        Raises ``ValidationError`` for what is not registered, ``ConfigError`` with every problem
        of ``config``.
        """
        name = _name(media_type)
        self._core.must_know(name)
        known = self._classes[name]
        workflow = known.__new__(known)
        # Before the constructor, which may be a user's own and passes nothing on.
        workflow._registry, workflow._name = self, name
        workflow.__init__(config)  # type: ignore[misc]
        workflow._must_be_prepared()
        return workflow

    get_workflow: GetWorkflow = either(_get_workflow)  # type: ignore[assignment]

    @either
    def list_available_workflows(self) -> list[MediaType | str]:
        """List what ``get_workflow`` knows: the built-in media types, then the registered names."""
        return [media_type_of(name) for name in self._core.available()]

    @either
    def register(self, name: MediaType | str, workflow: type[MediaFactory]) -> None:
        """Register a workflow class under a name: 1 to 64 letters, digits, ``-`` or ``_``.

        A name that is known already gets the new class. Raises ``ConfigError``.
        """
        if not (isinstance(workflow, type) and issubclass(workflow, MediaFactory)):
            from media_factory.issues import wrong_setting

            message = f"register() takes a subclass of MediaFactory, not {workflow!r}"
            raise wrong_setting("workflow", message)
        self._core.register(_name(name))
        self._classes[_name(name)] = workflow

    @either
    def configure(self, config: Mapping[str, Any]) -> None:
        """Set the defaults of workflows made from now on, in place of earlier ones.

        A dictionary under ``image``, ``video``, ``voice`` or a registered name holds for that
        medium only. Raises ``ConfigError`` with every problem; then nothing changes.

        With ``protocol="sandbox"``, ``sandbox`` is a dictionary: ``fidelity`` is ``"preview"``
        (default: within a work budget) or ``"full"`` (as asked, or ``Unsupported``); ``latency``
        of every exchange in seconds or ``[least, most]``; ``failure_rate`` and ``rate_limit``,
        shares from 0 to 1 of exchanges that fail and of submissions answered 429; ``seed`` says
        which story of trouble is told.
        """
        transports, plain = _split(config)
        for transport in transports.values():
            _must_be_callable(transport)
        self._core.configure(plain)
        self._config, self._transports = config, transports

    @either
    def get_task(self, task_id: str) -> MediaTask | None:
        """Give the task with that id, ``None`` when it is unknown or evicted."""
        core = self._core.task(str(task_id))
        return None if core is None else MediaTask(core, self.callbacks)

    @either
    def list_tasks(self, status: ProcessingStatus | str | None = None) -> list[MediaTask]:
        """List all tasks in the order of their creation, or those with one status.

        Raises ``ValidationError`` for a status that there is not.
        """
        name = None if status is None else str(status)
        return [MediaTask(core, self.callbacks) for core in self._core.tasks(name)]

    def name_of(self, workflow: type[MediaFactory]) -> str:
        """Give the name under which a class, or one that it extends, is registered."""
        for known in workflow.__mro__:
            for name, registered in self._classes.items():
                if registered is known:
                    return name
        for known in workflow.__mro__:
            for name, built_in in BUILT_IN.items():
                if built_in is known:
                    return name
        return workflow.__name__

    def connect(
        self, name: str, config: Mapping[str, Any] | None
    ) -> tuple[_core.Workflow, _core.OwnTransport | None]:
        """Give the core's workflow for a configuration, and the user's transport in it."""
        transports, plain = _split({} if config is None else config)
        layers = (transports.get(""), self._transports.get(name), self._transports.get(""))
        transport: Transport | None = next((own for own in layers if own is not None), None)
        own = None
        if transport is not None:
            _must_be_callable(transport)
            from media_factory.transport import own_transport

            own = own_transport(transport, self._core)
        return _core.Workflow(self._core, name, plain, own), own

    def __repr__(self) -> str:
        """Say how many tasks it holds."""
        return f"<MediaFactoryRegistry {len(self._core.tasks())} tasks>"


def _name(media_type: object) -> str:
    value = media_type.value if isinstance(media_type, Enum) else media_type
    return str(value)


def _split(config: Mapping[str, Any]) -> tuple[dict[str, Any], Any]:
    """Take the transports out, which are no data: under ``""``, or under their medium."""
    if not isinstance(config, Mapping):
        from media_factory.issues import wrong_setting

        raise wrong_setting("config", f"config must be a dictionary, not {type(config).__name__}")
    transports: dict[str, Any] = {}
    plain: dict[str, Any] = {}
    for key, value in config.items():
        if key == "transport":
            transports[""] = value
        elif isinstance(value, Mapping) and "transport" in value:
            transports[key] = value["transport"]
            plain[key] = {name: item for name, item in value.items() if name != "transport"}
        else:
            plain[key] = value
    return transports, plain


def _must_be_callable(transport: object) -> None:
    if transport is not None and not callable(transport):
        from media_factory.issues import wrong_setting

        message = f"transport must be a callable, not {type(transport).__name__}"
        raise wrong_setting("transport", message)


_default: MediaFactoryRegistry | None = None
_making = threading.Lock()


def default_registry() -> MediaFactoryRegistry:
    """Give the registry on which the class's methods act; a forked child gets one of its own."""
    global _default  # noqa: PLW0603 (there is one per process)
    with _making:
        if _default is None:
            _default = MediaFactoryRegistry()
        elif _default._core.is_inherited():
            inherited, _default = _default, MediaFactoryRegistry()
            _default._take_over(inherited)
        return _default
