"""Python objects that stand for media or numbers, made plain for the core.

Only objects that are no plain data arrive here. Nothing of Pillow or numpy is imported: what an
object is shows in its own type.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from media_factory import _core

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["adapt"]


def adapt(value: Any, limit: int) -> tuple[Any, str | None]:
    """Make ``value`` plain.

    Gives ``(plain, None)``, or ``(None, words)`` where the words say what the value is instead.
    ``limit`` is the most bytes that a file object may hold; one byte more is read, so that the
    core sees that there are too many.
    """
    try:
        return _plain(value, limit), None
    except _NotPlain as problem:
        return None, str(problem)
    except Exception as problem:
        return None, f"{_name(value)} that cannot be read ({type(problem).__name__}: {problem})"


class _NotPlain(Exception):
    """The value is no parameter; the text says what it is."""


def _plain(value: Any, limit: int) -> Any:
    if isinstance(value, (bytearray, memoryview)):
        return bytes(value)
    if isinstance(value, os.PathLike):
        return _core.FileInput(os.fspath(value))
    if isinstance(value, Mapping):
        return dict(value)
    library = type(value).__module__.partition(".")[0]
    if library == "numpy":
        return _of_numpy(value)
    pillow = sys.modules.get("PIL.Image")
    if pillow is not None and isinstance(value, pillow.Image):
        return _of_picture(value)
    if callable(getattr(value, "read", None)):
        return _of_file(value, limit)
    raise _NotPlain(_name(value))


def _name(value: Any) -> str:
    name = type(value).__qualname__
    module = type(value).__module__
    return name if module == "builtins" else f"{module}.{name}"


def _of_file(file: Any, limit: int) -> bytes:
    # Read at once: `with open(...)` closes the file before the task is sent.
    content = file.read(limit + 1)
    if not isinstance(content, bytes):
        raise _NotPlain(f"{_name(file)}, which is open as text and not as bytes")
    return content


def _of_picture(picture: Any) -> bytes:
    from io import BytesIO

    if picture.mode not in {"1", "L", "LA", "P", "RGB", "RGBA", "I", "I;16"}:
        picture = picture.convert("RGB")
    buffer = BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def _of_numpy(value: Any) -> Any:
    shape: tuple[int, ...] = value.shape
    if not shape:
        number = value.item()
        if isinstance(number, (bool, int, float)):
            return number
    elif len(shape) == 3 and shape[2] in {3, 4} and value.dtype.name == "uint8":
        return _png(value.tobytes(), shape[1], shape[0], shape[2])
    kind = f"a numpy value of type {value.dtype} and shape {shape}"
    raise _NotPlain(f"{kind}; pictures are height x width x 3 or 4 of uint8")


def _png(pixels: bytes, width: int, height: int, channels: int) -> bytes:
    """Encode 8-bit RGB or RGBA rows as PNG (ISO/IEC 15948), without a filter."""
    import struct
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    stride = width * channels
    rows = (b"\0" + pixels[start : start + stride] for start in range(0, height * stride, stride))
    colour = 2 if channels == 3 else 6
    header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    data = zlib.compress(b"".join(rows), 1)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )
