"""Films of the sandbox, judged by ffprobe and by the frames that ffmpeg decodes."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from media_factory import MediaFactoryRegistry

INPUTS = Path(__file__).resolve().parents[1] / "golden" / "inputs"
Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Makes a film in the sandbox and saves it: ``make("lake.mp4", prompt="a lake")``."""

    def film(name: str, **parameters: Any) -> Path:
        registry = MediaFactoryRegistry({"protocol": "sandbox"})
        asked = {"resolution": "320x180", "duration": 1.5, "fps": 12, "seed": 7, **parameters}
        task = registry.get_workflow("video").process(asked)
        return Path(task.wait(300).outputs[0].save(tmp_path / name))

    return film


def probe(film: Path) -> dict[str, dict[str, Any]]:
    """What ffprobe says of the film's streams, by kind; frames are counted by decoding them."""
    command = ["ffprobe", "-v", "error", "-count_frames", "-show_streams", "-of", "json", film]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stderr == ""
    return {stream["codec_type"]: stream for stream in json.loads(done.stdout)["streams"]}


def frames(film: Path, width: int = 32, height: int = 18) -> list[bytes]:
    """The film's frames as grey pictures."""
    scale = f"scale={width}:{height}:flags=area"
    command = ["ffmpeg", "-v", "error", "-i", film, "-vf", scale, "-f", "rawvideo"]
    done = subprocess.run([*command, "-pix_fmt", "gray", "-"], check=True, capture_output=True)
    assert done.stderr == b""
    size = width * height
    return [done.stdout[start : start + size] for start in range(0, len(done.stdout), size)]


def apart(one: bytes, other: bytes) -> float:
    """Mean difference of two pictures, 0 to 255."""
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) / len(one)


@pytest.mark.parametrize(
    ("prompt", "options"),
    [
        ("Flying through clouds at sunset", {}),
        ("A futuristic city with flying cars", {}),
        ("the sea in a storm", {"style": "watercolor"}),
        ("a field of flowers in the wind", {}),
        ("a ringed planet", {"use_nerf": True}),
        ("a castle by a lake", {"use_nerf": True}),
        ("a cosy room with a fireplace", {"use_nerf": True}),
    ],
)
def test_a_film_plays_and_moves(make: Make, prompt: str, options: dict[str, Any]) -> None:
    film = make("film.mp4", prompt=prompt, **options)
    video = probe(film)["video"]
    assert (video["codec_name"], video["pix_fmt"]) == ("h264", "yuv420p")
    assert video["profile"] == "Constrained Baseline"
    assert (video["width"], video["height"]) == (320, 180)
    assert int(video["nb_read_frames"]) == 18
    assert float(video["duration"]) == pytest.approx(1.5, abs=0.01)
    assert video["r_frame_rate"] == "12/1"
    seen = frames(film)
    assert len(seen) == 18
    assert apart(seen[0], seen[-1]) > 1.5, "the last frame looks like the first"
    assert all(apart(one, next_) > 0 for one, next_ in pairwise(seen))
    # A whole circle in eighteen frames goes by in steps of twenty degrees.
    most = 70 if options.get("use_nerf") else 40
    assert max(apart(one, next_) for one, next_ in pairwise(seen)) < most


def test_an_orbit_comes_back_to_where_it_began(make: Make) -> None:
    film = make("orbit.mp4", prompt="a castle by a lake", use_nerf=True, duration=2)
    seen = frames(film)
    halfway = apart(seen[0], seen[len(seen) // 2])
    assert apart(seen[0], seen[-1]) < halfway, "the circle does not close"


def test_the_index_comes_first_so_that_a_player_can_begin(make: Make) -> None:
    content = make("lake.mp4", prompt="a lake").read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


def test_a_quicktime_film_holds_the_same_pictures(make: Make) -> None:
    one = make("lake.mp4", prompt="a lake", format="mp4")
    other = make("lake.mov", prompt="a lake", format="mov")
    assert frames(one) == frames(other)
    assert other.read_bytes()[4:12] == b"ftypqt  "


@pytest.mark.parametrize("transition", ["none", "fade", "crossfade", "wipe", "slide"])
def test_every_transition_is_seen(make: Make, transition: str) -> None:
    images = [INPUTS / name for name in ("photo.jpg", "shape.png", "tall.webp")]
    film = make("slides.mp4", images=images, transitions=transition, duration=3, fps=20)
    assert int(probe(film)["video"]["nb_read_frames"]) == 60
    changes = [apart(a, b) for a, b in pairwise(frames(film))]
    moving = sum(change > 0.3 for change in changes)
    # A cut is two frames at once, a crossfade never rests, the others take half of each slot.
    least, most = {"none": (2, 2), "crossfade": (36, 59)}.get(transition, (12, 30))
    assert least <= moving <= most, f"{moving} of {len(changes)} frames change"


def test_a_film_brings_its_sound(make: Make) -> None:
    for name, codec in [("heard.mp4", "opus"), ("heard.mov", "pcm_s16le")]:
        film = make(name, prompt="a lake", audio_input=INPUTS / "voice.wav", format=name[-3:])
        streams = probe(film)
        assert streams["audio"]["codec_name"] == codec
        assert float(streams["audio"]["duration"]) == pytest.approx(1.45, abs=0.06)
        command = ["ffmpeg", "-v", "error", "-i", film, "-f", "s16le", "-ac", "1", "-"]
        sound = subprocess.run(command, check=True, capture_output=True).stdout
        assert max(sound[1::2]) > 0x10, "there is silence"


def test_a_large_film_is_reduced_and_says_so() -> None:
    registry = MediaFactoryRegistry({"protocol": "sandbox"})
    task = registry.get_workflow("video").process(
        {"prompt": "abstract shapes", "resolution": "8K", "fps": 60, "duration": 1, "seed": 7}
    )
    logs = [event.message for event in task.events() if event.kind == "log"]
    rendered, requested = task.metadata["rendered"], task.metadata["requested"]
    assert (requested["width"], requested["height"], requested["fps"]) == (7680, 4320, 60)
    assert rendered["width"] * 9 == rendered["height"] * 16
    assert rendered["width"] < 7680
    assert rendered["duration"] == pytest.approx(1, abs=0.05)
    assert any(str(rendered["width"]) in log for log in logs), logs
