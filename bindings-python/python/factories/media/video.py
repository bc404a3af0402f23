"""Films."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import media_factory
from factories.media._service import ServiceWorkflow
from factories.media.base import MediaType

if TYPE_CHECKING:
    from factories.media.base import MediaTask

__all__ = ["VideoWorkflow"]


class VideoWorkflow(ServiceWorkflow):
    """Makes films from prompts or pictures."""

    max_duration: float
    """The longest film, in seconds."""

    _medium = MediaType.VIDEO
    _speaks = media_factory.VideoWorkflow
    _models = ("runway-ml", "nerf", "gen-2")
    _attributes = ("service_endpoint", "default_model", "max_duration")

    def _read_more(self) -> None:
        self.max_duration = self.config.get("max_duration", 300)

    def create_from_images(
        self, image_sequence: list[str], parameters: dict[str, Any]
    ) -> MediaTask:
        """Make a film of pictures."""
        return self.process(
            {
                **parameters,
                "mode": "image-sequence",
                "images": image_sequence,
                "prompt": parameters.get("prompt", "Video from image sequence"),
            }
        )

    def _get_supported_formats(self) -> list[str]:
        return ["mp4", "webm", "mov", "avi", "mkv"]

    def _get_features(self) -> list[str]:
        return [
            "text-to-video",
            "image-to-video",
            "nerf-rendering",
            "8k-resolution",
            "hdr10-plus",
            "variable-fps",
            "dynamic-camera",
            "style-transfer",
        ]
