"""Media made in this process, through the public API."""

from __future__ import annotations

import io
import os
import struct
import threading
import time
import wave
from collections.abc import Iterator

import pytest
from PIL import Image
from server import png

from media_factory import MediaFactoryRegistry, TaskCancelled, TaskFailed, wait_all


def boxes(content: bytes) -> Iterator[tuple[str, bytes]]:
    """The boxes of an ISO media file, one level deep."""
    place = 0
    while place < len(content):
        size, kind = struct.unpack(">I4s", content[place : place + 8])
        assert 8 <= size <= len(content) - place
        yield kind.decode("ascii"), content[place + 8 : place + size]
        place += size


@pytest.mark.parametrize(("kind", "library"), [("png", "PNG"), ("jpg", "JPEG"), ("webp", "WEBP")])
def test_pictures(sandbox: MediaFactoryRegistry, kind: str, library: str) -> None:
    task = sandbox.get_workflow("image").process(
        {"prompt": "mountains by a lake", "resolution": "96x64", "format": kind, "seed": 5}
    )
    output = task.wait(60).outputs[0]
    picture = Image.open(io.BytesIO(output.read()))
    assert (picture.format, picture.size) == (library, (96, 64))
    assert (output.width, output.height, output.seed) == (96, 64, 5)
    colours = picture.convert("RGB").resize((8, 8)).getcolors(64)
    assert colours is not None
    assert len(colours) > 8


def test_the_same_seed_makes_the_same_picture(sandbox: MediaFactoryRegistry) -> None:
    images = sandbox.get_workflow("image")
    asked = {"prompt": "a city with flying cars", "resolution": "64x64"}
    tasks = images.batch_process([{**asked, "seed": seed} for seed in (1, 1, 2)])
    one, again, other = [task.outputs[0].read() for task in wait_all(tasks, timeout=60)]
    assert one == again
    assert one != other


def test_several_pictures_of_one_task(sandbox: MediaFactoryRegistry) -> None:
    task = sandbox.get_workflow("image").process(
        {"prompt": "clouds", "resolution": "32x32", "count": 3}
    )
    assert len({output.read() for output in task.wait(60).outputs}) == 3


def test_films(sandbox: MediaFactoryRegistry) -> None:
    task = sandbox.get_workflow("video").process(
        {"prompt": "clouds at sunset", "duration": 0.5, "fps": 8, "resolution": "96x64"}
    )
    output = task.wait(60).outputs[0]
    found = dict(boxes(output.read()))
    assert found["ftyp"]
    assert {"moov", "mdat"} <= set(found)
    header = dict(boxes(found["moov"]))["mvhd"]
    scale, length = struct.unpack(">II", header[12:20])
    assert length / scale == pytest.approx(0.5, abs=0.05)
    assert (output.mime_type, output.width, output.height) == ("video/mp4", 96, 64)


def test_films_of_pictures(sandbox: MediaFactoryRegistry) -> None:
    task = sandbox.get_workflow("video").create_from_images(
        [png(64, 48), png(48, 64)], {"fps": 8, "duration": 0.5, "transitions": "fade"}
    )
    assert "moov" in dict(boxes(task.wait(60).outputs[0].read()))


def test_speech(sandbox: MediaFactoryRegistry) -> None:
    voice = sandbox.get_workflow("voice")
    short = voice.text_to_speech("Hello").wait(60).outputs[0]
    long = voice.text_to_speech("Hello and welcome to the media factory").wait(60).outputs[0]
    lengths = []
    for output in (short, long):
        with wave.open(io.BytesIO(output.read())) as sound:
            lengths.append(sound.getnframes() / sound.getframerate())
            assert any(sound.readframes(sound.getnframes()))
        assert output.duration == pytest.approx(lengths[-1], abs=0.01)
    assert 0.2 < lengths[0] < lengths[1] < 10


def test_other_threads_go_on_while_it_renders(sandbox: MediaFactoryRegistry) -> None:
    task = sandbox.get_workflow("image").process({"prompt": "a lake", "resolution": "512x512"})
    count = 0
    end = time.monotonic() + 60
    while not task.status.is_terminal and time.monotonic() < end:
        count += 1
        time.sleep(0.001)
    assert count > 10
    assert task.status == "completed"


def test_a_blocking_wait_lets_other_threads_go_on(sandbox: MediaFactoryRegistry) -> None:
    count = 0
    done = threading.Event()

    def work() -> None:
        nonlocal count
        while not done.is_set():
            count += 1
            time.sleep(0.001)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        sandbox.get_workflow("image").process({"prompt": "a lake", "resolution": "512x512"}).wait(
            60
        )
    finally:
        done.set()
        thread.join()
    assert count > 10


def test_progress_and_cancel(sandbox: MediaFactoryRegistry) -> None:
    films = sandbox.get_workflow("video", {"sandbox": {"fidelity": "full"}})
    # Each would keep its worker for many minutes, and together they take every worker.
    film = {"prompt": "a lake", "duration": 60, "fps": 60, "resolution": "1280x720"}
    tasks = [films.process(film) for _ in range(max(2, os.cpu_count() or 2))]
    for task in tasks:
        for _ in task.events():
            if task.progress:
                task.cancel()
        with pytest.raises(TaskCancelled):
            task.wait(10)
    quick = sandbox.get_workflow("image").process({"prompt": "a lake", "resolution": "32x32"})
    assert quick.wait(60).progress == 1


def test_work_beyond_the_budget_is_made_smaller_and_said(sandbox: MediaFactoryRegistry) -> None:
    task = sandbox.get_workflow("video").process(
        {"prompt": "abstract shapes", "resolution": "8K", "duration": 0.5, "fps": 60}
    )
    logs = [event.message for event in task.events() if event.kind == "log"]
    assert task.metadata["requested"]["width"] == 7680
    assert task.metadata["engine"] == "media-factory-sandbox"
    assert task.metadata["rendered"]["width"] == task.outputs[0].width < 7680
    assert logs


def test_an_input_that_is_no_picture_fails_the_task(sandbox: MediaFactoryRegistry) -> None:
    task = sandbox.get_workflow("video").create_from_images([png(8, 8)[:40]], {"duration": 0.5})
    with pytest.raises(TaskFailed) as caught:
        task.wait(60)
    assert caught.value.code == "validation"


def test_the_seeds_film_in_preview_comes_smaller_and_says_so(sandbox: MediaFactoryRegistry) -> None:
    task = sandbox.get_workflow("video").process(
        {"prompt": "A futuristic city", "duration": 10, "resolution": "8K", "fps": 60}
    )
    logs = [event.message for event in task.events() if event.kind == "log"]
    requested, rendered = task.wait(300).metadata["requested"], task.metadata["rendered"]
    assert requested == {"width": 7680, "height": 4320, "fps": 60, "duration": 10}
    assert rendered["width"] < 7680
    assert any("smaller" in (line or "") or "instead of" in (line or "") for line in logs), logs


def test_full_fidelity_is_as_asked_or_refused(sandbox: MediaFactoryRegistry) -> None:
    video = sandbox.get_workflow("video", {"sandbox": {"fidelity": "full"}})
    film = {"prompt": "a lake", "resolution": "96x64", "duration": 0.5, "fps": 12}
    task = video.process(film).wait(120)
    assert task.metadata["requested"] == task.metadata["rendered"]
    beyond = video.process({**film, "resolution": "8K", "duration": 300, "fps": 240})
    with pytest.raises(TaskFailed) as failure:
        beyond.wait(60)
    assert failure.value.code == "unsupported"


def test_the_work_so_far_is_an_output_in_memory(sandbox: MediaFactoryRegistry) -> None:
    task = sandbox.get_workflow("image").process({"prompt": "a lake", "resolution": "768x512"})
    previews = [event.output for event in task.events() if event.kind == "preview"]
    assert previews
    assert previews[0] is not None
    picture = Image.open(io.BytesIO(previews[0].read()))
    assert picture.size == (previews[0].width, previews[0].height)


def test_simulated_trouble_tells_the_same_story_twice(sandbox: MediaFactoryRegistry) -> None:
    # A story without 429 and 503, after which the tasks would wait for a real second.
    images = sandbox.get_workflow(
        "image",
        {
            "sandbox": {"failure_rate": 0.8, "seed": 20},
            "retry": {"base_delay": 0, "max_delay": 0},
        },
    )
    asked = [{"prompt": prompt, "resolution": "16x16", "seed": 1} for prompt in ("a lake", "a fox")]

    def story(items: list[dict[str, object]]) -> dict[object, object]:
        tasks = images.batch_process(items)
        ends = wait_all(tasks, timeout=60)
        return {
            task.parameters["prompt"]: (task.status.value, task.error and task.error.code)
            for task in ends
        }

    told = story(asked)
    assert told == {"a lake": ("completed", None), "a fox": ("failed", "ambiguous-submit")}
    assert story(asked[::-1]) == told
