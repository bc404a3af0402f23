"""What the three built-in workflows share: a workflow of Media Factory behind the old names."""

from __future__ import annotations

from typing import Any, ClassVar

import media_factory
from factories.media.base import MediaFactory, MediaTask, MediaType, ProcessingStatus, local
from media_factory import Unsupported, ValidationError

__all__ = ["ServiceWorkflow"]


class ServiceWorkflow(MediaFactory):
    """A workflow whose tasks a service runs, or the sandbox inside."""

    service_endpoint: str
    """Where the service is; assign to go elsewhere from the next task on."""
    default_model: str
    """The model of tasks that name none."""
    supported_models: list[str]
    """The models that a task may name; names put in here are accepted."""

    _medium: ClassVar[MediaType]
    _speaks: ClassVar[type[Any]]
    _models: ClassVar[tuple[str, ...]]
    _attributes: ClassVar[tuple[str, ...]] = ("service_endpoint", "default_model")

    _service: Any = None
    _standard: tuple[dict[str, Any], list[str]] = ({}, [])
    _connected: tuple[dict[str, Any], list[str]] | None = None

    def _setup(self) -> None:
        """Read the configuration; raises ``ValueError`` with every problem of it."""
        self._service = self._speaks(self.config)
        endpoint = self._service._core.service_endpoint
        self.service_endpoint = self.config.get("service_endpoint", endpoint)
        self.default_model = self.config.get("default_model", self._models[0])
        self.supported_models = list(self._models)
        self._read_more()
        self._standard = self._connected = self._settings()

    def _read_more(self) -> None:
        """Read what only this medium has."""

    def _settings(self) -> tuple[dict[str, Any], list[str]]:
        plain = {name: getattr(self, name) for name in self._attributes if hasattr(self, name)}
        return plain, list(getattr(self, "supported_models", ()))

    def _workflow(self) -> Any:
        """The workflow with the attributes as they are now."""
        settings = self._settings()
        if settings != self._connected:
            (standard, standard_models), (plain, models) = self._standard, settings
            changed = {key: value for key, value in plain.items() if value != standard.get(key)}
            if models != standard_models:
                changed["models"] = [*self.config.get("models", ()), *models]
            self._service = self._speaks({**self.config, **changed})
            self._connected = settings
        return self._service

    def validate_parameters(self, parameters: dict[str, Any]) -> bool:
        """Say whether ``parameters`` are valid."""
        return not self._workflow().check(parameters)

    def process(self, parameters: dict[str, Any]) -> MediaTask:
        """Start a task and give it back at once.

        Raises ``ValueError`` (a ``media_factory.ValidationError``) when ``parameters`` are invalid.
        """
        problem = f"Invalid parameters for {self._medium.value} processing"
        overridden = type(self).validate_parameters is not ServiceWorkflow.validate_parameters
        if overridden and not self.validate_parameters(parameters):
            raise ValidationError(problem)
        try:
            live = self._workflow().process(parameters)
        except (ValidationError, Unsupported) as error:
            details = "; ".join(issue.message for issue in error.issues) or error.message
            code = error.code
            raise ValidationError(f"{problem}: {details}", code=code, issues=error.issues) from None
        return self._hold(live, parameters)

    def _hold(self, live: media_factory.MediaTask, parameters: dict[str, Any]) -> MediaTask:
        created = local(live.created_at)
        task = MediaTask(
            task_id=live.task_id,
            media_type=self._medium,
            status=ProcessingStatus.PENDING,
            parameters=parameters,
            created_at=created,
            updated_at=created,
            metadata=live.metadata,
        )
        task._live = live
        self._tasks[task.task_id] = task
        return task
