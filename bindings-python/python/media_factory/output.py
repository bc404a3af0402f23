"""One produced file: what is known about it at once, and its bytes on demand."""

from __future__ import annotations

import os

from media_factory import _core

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    import numpy as np
    from PIL.Image import Image

__all__ = ["MediaOutput"]

SMALL = 16 << 20
"""Bytes up to which a file that is saved is read into memory, and so is there for ``read``."""


class MediaOutput:
    """One output of a task.

    Its bytes are downloaded when first asked for and held from then on. A download that fails
    raises ``MediaFactoryError`` (code ``output``, or ``too-large`` past ``max_output_bytes``),
    changes nothing about the task, and may be tried again.
    """

    __slots__ = ("_core", "_facts")

    def __init__(self, core: _core.Output) -> None:
        """Wrap an output of the core; see ``from_bytes`` to make one."""
        self._core = core
        self._facts: dict[str, Any] = core.facts()

    @classmethod
    def from_bytes(
        cls,
        data: bytes | bytearray | memoryview,
        mime_type: str = "application/octet-stream",
        *,
        width: int | None = None,
        height: int | None = None,
        duration: float | None = None,
        seed: int | None = None,
        role: str | None = None,
    ) -> MediaOutput:
        """Make an output for a custom workflow.

        ``mime_type`` counts where the bytes do not say themselves what they are. ``width`` and
        ``height`` are in pixels, ``duration`` in seconds, ``role`` says what the file is to the
        result. Raises ``ValidationError`` when ``data`` is not bytes.
        """
        if not isinstance(data, (bytes, bytearray, memoryview)):
            # bytes() would make five zeros of the number 5.
            from media_factory.issues import wrong_argument

            raise wrong_argument("data", f"an output needs bytes, not {type(data).__name__}")
        return cls(_core.Output(bytes(data), mime_type, width, height, duration, seed, role))

    @property
    def mime_type(self) -> str:
        """Such as ``image/png``."""
        kind: str = self._facts["mime_type"]
        return kind

    @property
    def role(self) -> str | None:
        """What it is to the result, such as ``image``, ``hdr`` or ``normal``, where known."""
        return self._facts.get("role")

    @property
    def width(self) -> int | None:
        """Pixels from left to right, where known."""
        return self._facts.get("width")

    @property
    def height(self) -> int | None:
        """Pixels from top to bottom, where known."""
        return self._facts.get("height")

    @property
    def duration(self) -> float | None:
        """Seconds of film or sound, where known."""
        return self._facts.get("duration")

    @property
    def seed(self) -> int | None:
        """What makes the service produce it again, where the service says so."""
        return self._facts.get("seed")

    @property
    def url(self) -> str | None:
        """Where it is, absolute; ``None`` for what was only ever in memory."""
        return self._facts.get("url")

    @property
    def size(self) -> int | None:
        """Size in bytes, where known."""
        return self._core.size()

    def read(self, start: int = 0, end: int | None = None) -> bytes:
        """Give the bytes; blocks while they are downloaded.

        With ``start`` or ``end`` those from ``start`` up to, and without, ``end``: only they are
        downloaded where the service can do that, and they are not held. What lies beyond the
        end is left out, as in a slice.

        Raises ``ValidationError`` when one of them is not a whole number from 0.
        """
        download = self._download(start, end)
        content: bytes = download if isinstance(download, bytes) else download.wait()
        return content

    async def read_async(self, start: int = 0, end: int | None = None) -> bytes:
        """Do what ``read`` does without blocking the event loop."""
        download = self._download(start, end)
        if isinstance(download, bytes):
            return download
        from media_factory.event_loop import ready

        await ready(download)
        content: bytes = download.wait()
        return content

    def _download(self, start: int, end: int | None) -> bytes | _core.Operation:
        _must_be_place("start", start)
        if end is not None:
            _must_be_place("end", end)
        held = self._core.in_memory()
        if held is not None:
            return held if (start, end) == (0, None) else held[start:end]
        return self._core.read(start, end) or b""

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Write the bytes to a file and give its path; blocks while they are downloaded.

        A ``path`` without an extension gets the one that fits the bytes; a directory (or a path
        that ends with a slash) gets a file ``output``, ``output-2`` and so on in it. Parent
        directories are made. What is not held yet is written as it comes, and not held, unless it
        is known to be small (16 MiB).

        Raises ``FileExistsError`` when the file exists and ``overwrite`` is not set. A download or
        a write that fails leaves what was there before.
        """
        from media_factory.files import Place

        with Place(path, overwrite=overwrite) as place:
            writing = None if self._is_small() else self._core.save(place.partial)
            if writing is None:
                place.partial.write_bytes(self.read())
                return place.publish(self._core.extension())
            return place.publish(writing.wait())

    async def save_async(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Do what ``save`` does without blocking the event loop."""
        import asyncio

        from media_factory.event_loop import ready
        from media_factory.files import Place

        with await asyncio.to_thread(Place, path, overwrite=overwrite) as place:
            writing = None if self._is_small() else self._core.save(place.partial)
            if writing is None:
                await asyncio.to_thread(place.partial.write_bytes, await self.read_async())
                return await asyncio.to_thread(place.publish, self._core.extension())
            await ready(writing)
            return await asyncio.to_thread(place.publish, writing.wait())

    def _is_small(self) -> bool:
        """Whether it may be in memory: it is already, or it is known to be small."""
        size = self.size
        return self._core.in_memory() is not None or (size is not None and size <= SMALL)

    def to_pil(self) -> Image:
        """Give the picture as a Pillow image (needs ``pip install media-factory[images]``)."""
        from io import BytesIO

        try:
            from PIL import Image
        except ImportError as missing:
            message = "to_pil() needs Pillow: pip install media-factory[images]"
            raise ImportError(message) from missing
        picture = Image.open(BytesIO(self.read()))
        picture.load()
        return picture

    def to_numpy(self) -> np.ndarray[Any, np.dtype[np.uint8]]:
        """Give the picture as an array, height x width x 3 (4 with transparency), uint8.

        Needs ``pip install media-factory[images,arrays]``.
        """
        try:
            import numpy as np
        except ImportError as missing:
            message = "to_numpy() needs numpy: pip install media-factory[arrays]"
            raise ImportError(message) from missing
        picture = self.to_pil()
        has_alpha = "A" in picture.getbands() or "transparency" in picture.info
        return np.asarray(picture.convert("RGBA" if has_alpha else "RGB"))

    def __repr__(self) -> str:
        """Say what it is, without a URL, which may hold secrets."""
        size = f" {self.width}x{self.height}" if self.width and self.height else ""
        length = "" if self.duration is None else f" {self.duration:g} s"
        return f"<MediaOutput {self.mime_type}{size}{length}>"

    def _repr_html_(self) -> str:
        """Give what notebooks show: the picture, or a player."""
        from media_factory.notebook import medium

        return medium(self)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """Give it as text and as HTML."""
        return {"text/plain": repr(self), "text/html": self._repr_html_()}

    def __copy__(self) -> MediaOutput:
        """Give itself: an output never changes."""
        return self

    def __deepcopy__(self, memo: object) -> MediaOutput:
        """Give itself: an output never changes."""
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the bytes with their facts, without the URL, which may hold secrets."""
        content = self._core.in_memory()
        if content is None:
            raise TypeError("a MediaOutput whose bytes are not here cannot be pickled; read() it")
        known = ("width", "height", "duration", "seed", "role")
        facts = {name: self._facts[name] for name in known if name in self._facts}
        return _restored, (content, self.mime_type, facts)


def _must_be_place(name: str, value: object) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**63:
        from media_factory.issues import wrong_argument

        raise wrong_argument(name, f"{name} must be a whole number from 0, not {value!r}")


def _restored(content: bytes, mime_type: str, facts: dict[str, Any]) -> MediaOutput:
    return MediaOutput.from_bytes(content, mime_type, **facts)
