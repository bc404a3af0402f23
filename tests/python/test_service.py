"""The public API against the real service, as a user starts it."""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import test_seed_examples as seed
from native_service import NativeService, running
from openai_server import KEY
from server import png, sample

from media_factory import (
    AuthenticationFailed,
    ImageWorkflow,
    MediaFactoryRegistry,
    TaskCancelled,
    TaskEvent,
    TaskFailed,
    VideoWorkflow,
    VoiceWorkflow,
    as_completed_async,
    wait_all,
)

PNG = b"\x89PNG"
SMALL = {"prompt": "a lake", "resolution": "64x64"}
LONG_FILM = {"prompt": "clouds", "duration": 60, "resolution": "4K", "fps": 60}
"""More than a test ever waits for."""


@pytest.fixture(scope="module")
def real() -> Iterator[NativeService]:
    with running() as service:
        yield service


@pytest.fixture(scope="module")
def blank() -> Iterator[NativeService]:
    """The service without the renderer, for what is not about media."""
    with running("--blank") as service:
        yield service


@pytest.fixture
def pictures(registry: MediaFactoryRegistry, real: NativeService) -> ImageWorkflow:
    return registry.get_workflow("image", real.config())


@pytest.fixture
def blanks(registry: MediaFactoryRegistry, blank: NativeService) -> ImageWorkflow:
    return registry.get_workflow("image", blank.config())


@pytest.fixture
def films(registry: MediaFactoryRegistry, real: NativeService) -> VideoWorkflow:
    return registry.get_workflow("video", real.config("video"))


@pytest.fixture
def voices(registry: MediaFactoryRegistry, real: NativeService) -> VoiceWorkflow:
    return registry.get_workflow("voice", real.config("voice"))


@pytest.fixture
def example(
    run_script: Callable[..., Any], seed_files: Path, real: NativeService
) -> Callable[[str], list[str]]:
    """Runs an example of the seed and gives the kinds of the files that it made."""

    def run(code: str) -> list[str]:
        line = "from factories.media import MediaFactoryRegistry, MediaType\n"
        done = run_script(line + code + seed.FINISH, **real.environment())
        assert done.stderr == ""
        return sorted(file.suffix for file in (seed_files / "out").rglob("output*"))

    return run


def test_the_image_example(example: Callable[[str], list[str]]) -> None:
    assert example(seed.IMAGE) == [".png"] * 3


def test_the_video_example(example: Callable[[str], list[str]]) -> None:
    # In 8K it takes a minute of a test machine, and says no more.
    smaller = seed.VIDEO.replace('"8K"', '"640x360"').replace('"duration": 10', '"duration": 1')
    assert smaller != seed.VIDEO
    assert example(smaller) == [".mp4"] * 2


def test_the_voice_example(example: Callable[[str], list[str]]) -> None:
    assert example(seed.VOICE) == [".wav"] * 2


def test_the_configuration_example(real: NativeService) -> None:
    config = {
        "service_endpoint": real.urls["video"],
        "default_model": "runway-gen2",
        "max_duration": 600,
        "timeout": 300,
    }
    task = VideoWorkflow(config).process({"prompt": "clouds", "duration": 1, "fps": 8})
    assert task.wait(60).metadata["model"] == "runway-gen2"


def test_a_task_tells_how_it_goes(films: VideoWorkflow) -> None:
    task = films.process({"prompt": "clouds", "duration": 1, "fps": 24, "resolution": "640x360"})
    events = list(task.events())
    kinds = [event.kind for event in events]
    assert kinds[0] == "snapshot"
    assert "accepted" in kinds
    told = [event.progress for event in events if event.progress is not None]
    assert told == sorted(told)
    assert events[-1].is_terminal
    assert task.remote_id == task.task_id
    assert (task.status, task.progress) == ("completed", 1.0)


def test_fifty_at_once(blanks: ImageWorkflow) -> None:
    tasks = blanks.batch_process([{**SMALL, "seed": number} for number in range(50)])
    wait_all(tasks, timeout=60, raise_on_error=True)
    assert [task.parameters["seed"] for task in tasks] == list(range(50))
    assert [task.remote_id for task in tasks] == [task.task_id for task in tasks]
    assert all(task.attempts == 1 for task in tasks)
    assert all(task.outputs[0].read().startswith(PNG) for task in tasks)


async def test_fifty_awaited(blanks: ImageWorkflow) -> None:
    tasks = blanks.batch_process([SMALL] * 25) + [blanks.process(SMALL) for _ in range(25)]
    seen = [task async for task in as_completed_async(tasks, 60)]
    assert sorted(task.task_id for task in seen) == sorted(task.task_id for task in tasks)
    again = await asyncio.gather(*tasks)
    assert {task.status for task in again} == {"completed"}


def test_an_item_that_is_refused_harms_no_other(blanks: ImageWorkflow) -> None:
    good, bad, other = blanks.batch_process([SMALL, {"prompt": ""}, SMALL])
    wait_all([good, bad, other], timeout=60)
    assert [good.status, bad.status, other.status] == ["completed", "failed", "completed"]
    assert bad.error is not None
    assert bad.error.code == "validation"


def test_cancel_stops_the_render() -> None:
    with running("--workers", "1") as service:
        registry = MediaFactoryRegistry()
        films = registry.get_workflow("video", service.config("video"))
        task = films.process(LONG_FILM)
        following = task.events()
        while next(following).status != "processing":
            pass
        assert task.cancel()
        with pytest.raises(TaskCancelled):
            task.wait()
        # The only worker is free for the next, long before the film could have been finished.
        film = films.process({"prompt": "clouds", "duration": 1, "fps": 8}).wait(60)
        assert film.status == "completed"
        assert service.status_of(task.task_id, "video") == "cancelled"


def test_lists_and_health(
    pictures: ImageWorkflow, films: VideoWorkflow, voices: VoiceWorkflow, real: NativeService
) -> None:
    for workflow in (pictures, films, voices):
        health = workflow.health()
        assert health["status"] == "healthy"
        assert health["service"] == f"{workflow.media_type.value}-generation"
        names = [model["name"] for model in workflow.list_models()]
        assert names
        assert set(names) <= set(workflow.get_capabilities()["models"])
    assert "realistic" in pictures.list_styles()
    assert {"name": "4K", "width": 3840, "height": 2160} in pictures.list_resolutions()
    assert films.list_styles() == real.ask("GET", "/styles", medium="video").json["styles"]
    resolutions = real.ask("GET", "/resolutions", medium="video").json["resolutions"]
    assert films.list_resolutions() == resolutions
    assert [voice["name"] for voice in voices.list_voices()][:1] == ["kal"]


async def test_lists_and_health_awaited(
    pictures: ImageWorkflow, films: VideoWorkflow, voices: VoiceWorkflow
) -> None:
    listed = await asyncio.gather(
        pictures.list_models_async(),
        pictures.list_styles_async(),
        pictures.list_resolutions_async(),
        films.list_models_async(),
        films.list_styles_async(),
        films.list_resolutions_async(),
        voices.list_models_async(),
        voices.list_voices_async(),
    )
    assert all(listed)
    assert (await voices.health_async())["service"] == "voice-generation"


def test_a_token_is_asked_for_and_never_shown() -> None:
    with running("--only", "image", "--blank", env={"MEDIA_FACTORY_SERVICE_TOKEN": KEY}) as service:
        registry = MediaFactoryRegistry()
        without = registry.get_workflow("image", service.config())
        with pytest.raises(TaskFailed) as refused:
            without.process(SMALL).wait(10)
        assert isinstance(refused.value.__cause__, AuthenticationFailed)
        wrong = registry.get_workflow("image", service.config(api_key="another-secret"))
        with pytest.raises(TaskFailed) as failed:
            wrong.process(SMALL).wait(10)
        shown = f"{failed.value!r} {failed.value} {failed.value.__cause__!r} {wrong!r}"
        assert "another-secret" not in shown + str(wrong.list_tasks()[-1].to_dict())

        right = registry.get_workflow("image", service.config(api_key=KEY))
        task = right.process(SMALL).wait(30)
        assert task.outputs[0].read().startswith(PNG)
        shown = [repr(right), repr(task), str(task.to_dict()), task._repr_html_(), repr(registry)]
        assert KEY not in "".join(shown)


def test_a_film_and_a_voice_as_files(
    films: VideoWorkflow, voices: VoiceWorkflow, tmp_path: Path
) -> None:
    film = films.process({"prompt": "clouds", "duration": 1, "fps": 8, "resolution": "320x180"})
    assert film.wait(60).outputs[0].read(4, 8) == b"ftyp"
    path = film.outputs[0].save(tmp_path / "film")
    assert path.name == "film.mp4"
    assert path.read_bytes()[4:8] == b"ftyp"
    assert film.outputs[0].size == path.stat().st_size

    spoken = voices.text_to_speech("Welcome to VoBee AI Assistant", voice="professional")
    path = spoken.wait(60).outputs[0].save(tmp_path)
    with wave.open(str(path)) as sound:
        assert sound.getnframes() / sound.getframerate() > 0.5


async def test_files_without_blocking_the_loop(pictures: ImageWorkflow, tmp_path: Path) -> None:
    task = await pictures.process({**SMALL, "count": 2, "format": "webp"})
    paths = [await output.save_async(f"{tmp_path}/made/") for output in task.outputs]
    assert [path.suffix for path in paths] == [".webp"] * 2
    assert paths[0].read_bytes()[8:12] == b"WEBP"


def test_inputs_of_every_size_arrive(
    films: VideoWorkflow, voices: VoiceWorkflow, tmp_path: Path
) -> None:
    large = tmp_path / "large.png"
    large.write_bytes(noise(1200, 900))
    assert large.stat().st_size > 3_000_000
    pictures = [png(64, 64), large, noise(1200, 901)]
    told: list[TaskEvent] = []
    wanted = {"fps": 4, "duration": 1, "resolution": "320x180"}
    film = films.create_from_images(pictures, wanted, on_update=told.append)
    assert film.wait(60).outputs[0].read()[4:8] == b"ftyp"
    # The small picture travels inside of the submission.
    sent = [event for event in told if event.stage == "uploading"]
    assert sent[-1].sent_bytes == sent[-1].total_bytes == sum(map(size, pictures[1:]))
    spoken = voices.clone_voice(sample(), "This is a cloned voice speaking").wait(60)
    assert spoken.outputs[0].mime_type == "audio/wav"


def test_the_end_of_a_process_with_an_open_task(real: NativeService) -> None:
    code = (
        "from media_factory import *\n"
        f"films = MediaFactoryRegistry.get_workflow('video')\n"
        f"task = films.process({LONG_FILM!r})\n"
        "events = task.events()\n"
        "while next(events).status != 'processing': pass\n"
        "print(task.task_id)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **real.environment()},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    task_id = done.stdout.strip()
    assert done.stderr == f"media_factory: still open at exit: {task_id} (video)\n"
    # Whoever knows the id finds it again.
    assert real.status_of(task_id, "video") == "processing"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_child_asks_for_itself(blank: NativeService, run_script: Any) -> None:
    done = run_script(
        "import os, sys\n"
        "from media_factory import *\n"
        "images = MediaFactoryRegistry.get_workflow('image')\n"
        f"mine = images.batch_process([{SMALL!r}] * 20)\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    fresh = MediaFactoryRegistry.get_workflow('image')\n"
        f"    wait_all(fresh.batch_process([{SMALL!r}] * 5), timeout=60, raise_on_error=True)\n"
        "    sys.exit(7)\n"
        "wait_all(mine, timeout=60, raise_on_error=True)\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n",
        **blank.environment(),
    )
    assert done.stdout == "7\n"


def size(picture: Path | bytes) -> int:
    return len(picture) if isinstance(picture, bytes) else picture.stat().st_size


def noise(width: int, height: int) -> bytes:
    """A picture that no encoder makes small."""
    return png(width, height, random.Random(height).randbytes(3 * width * height))
