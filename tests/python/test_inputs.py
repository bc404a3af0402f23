"""What may stand for media and numbers in Python, and what may not."""

from __future__ import annotations

import base64
import enum
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from server import PICTURE

from media_factory import ImageWorkflow
from media_factory.testing import TestBench

ACCEPTED = {"reply": {"status": 200, "json": {"status": "success", "url": "/1.png"}}}
VERSION_1 = {
    "expect": {"method": "GET"},
    "reply": {"json": {"status": "healthy", "protocol": "media-factory/1"}},
}


def sent(image: Any) -> Image.Image:
    """What of ``image`` reaches the service."""
    bench = TestBench({"exchanges": [VERSION_1, ACCEPTED]})
    task = bench.registry.get_workflow("image").process({"prompt": "x", "image": image})
    bench.run()
    assert task.status == "completed", task.error
    url = bench.requests[-1]["json"]["image"]
    picture = Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2])))
    picture.load()
    return picture


def test_media_of_every_type(tmp_path: Path) -> None:
    file = tmp_path / "picture.png"
    file.write_bytes(PICTURE)
    for image in (PICTURE, bytearray(PICTURE), memoryview(PICTURE), file, str(file)):
        assert sent(image).size == (4, 3)
    with file.open("rb") as opened:
        assert sent(opened).size == (4, 3)
    picture = Image.new("RGB", (3, 2), (10, 20, 30))
    assert sent(picture).getpixel((2, 1)) == (10, 20, 30)
    assert sent(picture.convert("CMYK")).size == (3, 2)


@pytest.mark.parametrize("channels", [3, 4])
def test_arrays(channels: int) -> None:
    pixels = np.arange(5 * 4 * channels, dtype=np.uint8).reshape(5, 4, channels)
    assert np.array_equal(np.asarray(sent(pixels)), pixels)
    assert np.array_equal(np.asarray(sent(pixels[::2, ::-1])), pixels[::2, ::-1])


def frames(images: Any) -> int:
    """How many pictures the service is told of for a film of ``images``."""
    bench = TestBench({"exchanges": [VERSION_1, ACCEPTED]})
    task = bench.registry.get_workflow("video").create_from_images(images)
    bench.run()
    assert task.status == "completed", task.error
    return len(bench.requests[-1]["json"]["images"])


def test_one_picture_of_any_type_is_a_list_of_one(tmp_path: Path) -> None:
    file = tmp_path / "picture.png"
    file.write_bytes(PICTURE)
    for image in (PICTURE, bytearray(PICTURE), memoryview(PICTURE), file, str(file)):
        assert frames(image) == 1
        assert frames([image, image]) == 2
    with file.open("rb") as opened:
        assert frames(opened) == 1
    assert frames(Image.new("RGB", (3, 2))) == 1
    pixels = np.zeros((3, 5, 4, 3), dtype=np.uint8)
    assert frames(pixels[0]) == 1
    assert frames(pixels) == 3
    assert frames(picture for picture in pixels) == 3


def issues(**parameters: Any) -> list[tuple[str, str]]:
    workflow = TestBench().registry.get_workflow("image")
    return [(issue.path, issue.code) for issue in workflow.check({"prompt": "x", **parameters})]


class Kind(str, enum.Enum):
    MODERN = "modern"


def test_plain_values_of_other_types() -> None:
    assert issues(seed=np.int64(7), hdr=np.bool_(True), style=np.str_("modern")) == []
    assert issues(style=Kind.MODERN) == []
    assert issues(seed=np.uint64(2**60)) == [("seed", "range")]
    assert issues(image=PICTURE, strength=np.float32(0.5)) == []


def itself() -> list[Any]:
    endless: list[Any] = []
    endless.append(endless)
    return endless


def billions() -> list[Any]:
    laughs: list[Any] = []
    for _ in range(60):
        laughs = [laughs, laughs]
    return laughs


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({"seed": 2**70}, ("seed", "range")),
        ({"seed": True}, ("seed", "type")),
        ({"seed": float("nan")}, ("seed", "range")),
        ({"prompt": "\ud83e"}, ("prompt", "format")),
        ({"prompt": b"bytes"}, ("prompt", "type")),
        ({"prompt": Path(__file__)}, ("prompt", "type")),
        ({"prompt": "x" * 32_001}, ("prompt", "too_long")),
        ({"image": "no-such-file.png"}, ("image", "format")),
        ({"image": Path("no-such-file.png")}, ("image", "format")),
        ({"image": "file:///etc/hosts"}, ("image", "format")),
        ({"image": b""}, ("image", "empty")),
        ({"image": object()}, ("image", "type")),
        ({"image": io.StringIO("text")}, ("image", "type")),
        ({"image": np.zeros((2, 2))}, ("image", "type")),
        ({"style": {"a", "set"}}, ("style", "type")),
        ({"style": itself()}, ("style", "type")),
        ({"style": billions()}, ("style", "type")),
        ({"extra": {1: 2}}, ("extra.1", "type")),
        ({"extra": {"deep": itself()}}, ("extra.deep[0]", "type")),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else value[1],
)
def test_what_is_refused(parameters: dict[str, Any], found: tuple[str, str]) -> None:
    assert found[1] in dict(issues(**parameters)).values()
    path = next(iter(dict(issues(**parameters))))
    assert path.startswith(found[0].split("[")[0])


def test_a_file_that_cannot_be_read(images: ImageWorkflow) -> None:
    closed = io.BytesIO(PICTURE)
    closed.close()
    (issue,) = images.check({"prompt": "x", "image": closed})
    assert "closed file" in issue.message


def test_a_huge_prompt_is_refused_quickly(images: ImageWorkflow) -> None:
    (issue,) = images.check({"prompt": "x" * 100_000_000})
    assert issue.code == "too_long"
    assert len(issue.value) < 100
