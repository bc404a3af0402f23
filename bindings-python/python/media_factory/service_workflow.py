"""Workflows that speak to a service, or to the sandbox inside: pictures, films and voices."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from media_factory.errors import MediaFactoryError
from media_factory.task import MediaTask
from media_factory.workflow import MediaFactory, items_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from media_factory._core import Task as CoreTask
    from media_factory.workflow import OnUpdate

__all__ = ["ImageWorkflow", "VideoWorkflow", "VoiceWorkflow"]


class _ServiceWorkflow(MediaFactory):
    """A workflow that speaks to a service, or to the sandbox inside."""

    def validate_parameters(self, parameters: Mapping[str, Any]) -> bool:
        """Say whether ``parameters`` are valid; ``check`` lists what is wrong."""
        return not self._core.check(parameters)

    def _validates_itself(self) -> bool:
        return type(self).validate_parameters is not _ServiceWorkflow.validate_parameters

    def process(
        self,
        parameters: Mapping[str, Any],
        *,
        timeout: float | None = None,
        on_update: OnUpdate | None = None,
    ) -> MediaTask:
        """Start a task and give it back at once, PENDING.

        ``timeout`` is in seconds from leaving the queue to COMPLETED, in place of the
        configuration's. ``on_update`` is called with every event, ``created`` included.

        Raises ``ValidationError`` (``Unsupported`` when only the chosen protocol cannot do it)
        with every problem that shows without I/O; then there is no task.
        """
        self._must_agree(parameters)
        return self._begin(self._core.process, (parameters, timeout), on_update)

    def batch_process(self, batch_parameters: Iterable[Mapping[str, Any]]) -> list[MediaTask]:
        """Start one task per item and give exactly one per item, in order.

        An invalid item becomes a FAILED task with the validation error; the others run.
        """
        if type(self).process is not _ServiceWorkflow.process or self._validates_itself():
            return super().batch_process(batch_parameters)
        callbacks = self._home.callbacks
        return [MediaTask(core, callbacks) for core in self._core.batch(items_of(batch_parameters))]

    def list_models(self) -> list[Any]:
        """Ask the service for its models, as it writes them; their names count as known then.

        Blocks. Raises what the exchange failed with, ``ProtocolError`` when there is no list.
        """
        models: list[Any] = self._core.list("models").wait()
        return models

    async def list_models_async(self) -> list[Any]:
        """Do what ``list_models`` does without blocking the event loop."""
        models: list[Any] = await self._listed("models")
        return models

    def health(self) -> dict[str, Any]:
        """Ask the service how it is, and give its answer as it writes it. Blocks."""
        health: dict[str, Any] = self._core.list("health").wait()
        return health

    async def health_async(self) -> dict[str, Any]:
        """Do what ``health`` does without blocking the event loop."""
        health: dict[str, Any] = await self._listed("health")
        return health

    async def _listed(self, listing: str) -> Any:
        from media_factory.event_loop import ready

        question = self._core.list(listing)
        await ready(question)
        return question.wait()

    def _must_agree(self, parameters: Mapping[str, Any]) -> None:
        """Let a subclass's own ``validate_parameters`` decide as well."""
        if self._validates_itself():
            issues = self.check(parameters)
            if issues:
                from media_factory.issues import invalid_parameters

                raise invalid_parameters(issues)

    def _begin(
        self,
        start: Callable[..., CoreTask],
        given: tuple[Any, ...],
        on_update: OnUpdate | None,
    ) -> MediaTask:
        callbacks = self._home.callbacks
        if on_update is None:
            return MediaTask(start(*given), callbacks)
        subscription = callbacks.subscription(on_update)
        try:
            return MediaTask(start(*given, subscription.inbox, subscription.key), callbacks)
        except MediaFactoryError:
            subscription.end()
            raise


class _PictureWorkflow(_ServiceWorkflow):
    """What pictures and films have in common."""

    def list_styles(self) -> list[Any]:
        """Ask the service for its styles. Blocks; raises as ``list_models``."""
        styles: list[Any] = self._core.list("styles").wait()
        return styles

    async def list_styles_async(self) -> list[Any]:
        """Do what ``list_styles`` does without blocking the event loop."""
        styles: list[Any] = await self._listed("styles")
        return styles

    def list_resolutions(self) -> list[Any]:
        """Ask the service for its resolutions. Blocks; raises as ``list_models``."""
        resolutions: list[Any] = self._core.list("resolutions").wait()
        return resolutions

    async def list_resolutions_async(self) -> list[Any]:
        """Do what ``list_resolutions`` does without blocking the event loop."""
        resolutions: list[Any] = await self._listed("resolutions")
        return resolutions


class ImageWorkflow(_PictureWorkflow):
    """Makes pictures: ``ImageWorkflow(config).process({"prompt": "..."})``."""


class VideoWorkflow(_PictureWorkflow):
    """Makes films: ``VideoWorkflow(config).process({"prompt": "...", "duration": 5})``."""

    def create_from_images(
        self,
        image_sequence: Any,
        parameters: Mapping[str, Any] | None = None,
        *,
        timeout: float | None = None,
        on_update: OnUpdate | None = None,
    ) -> MediaTask:
        """Make a film of pictures, from 1 to 2,000 media inputs; otherwise as ``process``.

        One media input counts as a list of one.
        """
        images = _pictures_of(image_sequence)
        given = {} if parameters is None else parameters
        if isinstance(given, Mapping):
            self._must_agree({**given, "mode": "image-sequence", "images": images})
        return self._begin(self._core.create_from_images, (images, given, timeout), on_update)


class VoiceWorkflow(_ServiceWorkflow):
    """Makes speech: ``VoiceWorkflow(config).text_to_speech("...")``."""

    def text_to_speech(
        self,
        text: str,
        voice: str = "default",
        language: str = "en",
        *,
        timeout: float | None = None,
        on_update: OnUpdate | None = None,
    ) -> MediaTask:
        """Speak ``text``; otherwise as ``process``.

        Native services are told the model ``tts-1``, unless the configuration has a
        ``default_model``; other protocols use that, or their own default.
        """
        self._must_agree({"text": text, "voice": voice, "language": language})
        given = (text, voice, language, timeout)
        return self._begin(self._core.text_to_speech, given, on_update)

    def clone_voice(
        self,
        sample_audio: Any,
        text: str,
        *,
        timeout: float | None = None,
        on_update: OnUpdate | None = None,
    ) -> MediaTask:
        """Speak ``text`` in the voice of a sample, with the model ``voice-clone``.

        ``sample_audio`` is a media input; otherwise as ``process``.
        """
        self._must_agree({"text": text, "audio_input": sample_audio, "model": "voice-clone"})
        return self._begin(self._core.clone_voice, (sample_audio, text, timeout), on_update)

    def list_voices(self) -> list[Any]:
        """Ask the service for its voices. Blocks; raises as ``list_models``."""
        voices: list[Any] = self._core.list("voices").wait()
        return voices

    async def list_voices_async(self) -> list[Any]:
        """Do what ``list_voices`` does without blocking the event loop."""
        voices: list[Any] = await self._listed("voices")
        return voices


def _pictures_of(images: Any) -> list[Any]:
    """Give the pictures of a sequence; text, bytes, files and arrays can be iterated as well."""
    is_one = (
        isinstance(images, (str, bytes, bytearray, memoryview, os.PathLike, Mapping))
        or callable(getattr(images, "read", None))
        or len(getattr(images, "shape", ())) == 3
    )
    return [images] if is_one or not isinstance(images, Iterable) else list(images)
