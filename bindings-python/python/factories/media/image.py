"""Pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import media_factory
from factories.media._service import ServiceWorkflow
from factories.media.base import MediaType

if TYPE_CHECKING:
    from collections.abc import Iterable

    from factories.media.base import MediaTask

__all__ = ["ImageWorkflow"]


class ImageWorkflow(ServiceWorkflow):
    """Makes pictures from prompts."""

    _medium = MediaType.IMAGE
    _speaks = media_factory.ImageWorkflow
    _models = ("stable-diffusion", "dall-e", "stylegan3", "dreambooth")

    def batch_process(self, batch_parameters: Iterable[dict[str, Any]]) -> list[MediaTask]:
        """Run ``process`` for each item and give exactly one task per item, in order.

        An invalid item becomes a FAILED task, where the reference package leaves it out.
        """
        return [self._process_or_fail(parameters) for parameters in batch_parameters]

    def _process_or_fail(self, parameters: dict[str, Any]) -> MediaTask:
        try:
            return self.process(parameters)
        except Exception as error:
            live = self._workflow().create_task(parameters if isinstance(parameters, dict) else {})
            live.fail(error)
            return self._hold(live, parameters)

    def _get_supported_formats(self) -> list[str]:
        return ["png", "jpg", "jpeg", "webp", "tiff"]

    def _get_features(self) -> list[str]:
        return [
            "text-to-image",
            "hdr-rendering",
            "pbr-rendering",
            "style-transfer",
            "multiple-models",
            "custom-resolution",
            "batch-processing",
        ]
