"""Media workflows under the names of the reference package; see ``docs/drop-in.md``."""

from __future__ import annotations

from typing import Any, ClassVar

from factories.media.base import MediaFactory, MediaType
from factories.media.image import ImageWorkflow
from factories.media.video import VideoWorkflow
from factories.media.voice import VoiceWorkflow

__all__ = ["ImageWorkflow", "MediaFactory", "MediaType", "VideoWorkflow", "VoiceWorkflow"]


class MediaFactoryRegistry:
    """Makes workflows by media type."""

    _workflows: ClassVar[dict[MediaType, type[MediaFactory]]] = {
        MediaType.IMAGE: ImageWorkflow,
        MediaType.VIDEO: VideoWorkflow,
        MediaType.VOICE: VoiceWorkflow,
    }

    @classmethod
    def get_workflow(cls, media_type: MediaType, config: dict[str, Any] | None = None) -> Any:
        """Give a new workflow; raises ``ValueError`` for anything but a member of ``MediaType``."""
        workflow = cls._workflows.get(media_type)
        if workflow is None:
            raise ValueError(f"Unsupported media type: {media_type}")
        return workflow(config)

    @classmethod
    def list_available_workflows(cls) -> list[MediaType]:
        """List the media types that ``get_workflow`` knows."""
        return list(cls._workflows)
