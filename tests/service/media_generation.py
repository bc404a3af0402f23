"""What schemathesis cannot make up: bytes that are a picture, a film or a sound."""

from __future__ import annotations

import base64

import schemathesis
from hypothesis import strategies

BEGINNINGS = {
    "image/*": [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"II*\0"],
    "video/*": [b"\0\0\0\x18ftypisom", b"\0\0\0\x14ftypqt  ", b"\x1a\x45\xdf\xa3"],
    "audio/*": [b"RIFF\x24\0\0\0WAVEfmt ", b"fLaC", b"OggS", b"ID3\x04"],
}
EVERY = [beginning for kinds in BEGINNINGS.values() for beginning in kinds]


def files(beginnings: list[bytes]) -> strategies.SearchStrategy[bytes]:
    """Bytes that begin as a file of a known kind does; nobody looks further before rendering."""
    rest = strategies.binary(max_size=64)
    return strategies.tuples(strategies.sampled_from(beginnings), rest).map(b"".join)


def data_url(file: bytes) -> str:
    """The file as a parameter carries it."""
    return "data:application/octet-stream;base64," + base64.b64encode(file).decode("ascii")


for kind, beginnings in BEGINNINGS.items():
    schemathesis.openapi.media_type(kind, files(beginnings))
schemathesis.openapi.media_type("application/octet-stream", files(EVERY))
schemathesis.openapi.format("media", files(EVERY).map(data_url))
