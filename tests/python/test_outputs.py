"""Files that tasks made: reading, saving, pictures, arrays; and what becomes of handles."""

from __future__ import annotations

import asyncio
import copy
import gc
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import eventually
from PIL import Image
from server import PICTURE, Service

from media_factory import (
    ImageWorkflow,
    MediaFactoryError,
    MediaFactoryRegistry,
    MediaOutput,
    TaskCancelled,
    ValidationError,
)

PROMPT = {"prompt": "a lake"}


@pytest.fixture
def output(workflow: ImageWorkflow) -> MediaOutput:
    return workflow.process(PROMPT).wait(10).outputs[0]


def test_facts_before_and_after_the_download(output: MediaOutput, service: Service) -> None:
    assert output.mime_type == "image/png"
    assert output.url is not None
    assert output.url.startswith(f"{service.url}/outputs/")
    asked = len(service.asked())
    assert output.read() == PICTURE
    assert output.read() is not None
    assert output.size == len(PICTURE)
    assert len(service.asked()) == asked + 1


async def test_it_is_read_and_saved_on_a_loop(output: MediaOutput, tmp_path: Path) -> None:
    assert await asyncio.gather(output.read_async(), output.read_async()) == [PICTURE, PICTURE]
    saved = await output.save_async(tmp_path / "a")
    assert saved == tmp_path / "a.png"
    with pytest.raises(FileExistsError):
        await output.save_async(saved)


def test_saving_picks_the_extension_only_where_there_is_none(
    output: MediaOutput, tmp_path: Path
) -> None:
    assert output.save(tmp_path / "lake") == tmp_path / "lake.png"
    assert output.save(tmp_path / "lake.dat") == tmp_path / "lake.dat"
    assert output.save(str(tmp_path / "new" / "folder" / "lake")).read_bytes() == PICTURE


def test_saving_never_overwrites_what_was_not_meant(output: MediaOutput, tmp_path: Path) -> None:
    target = tmp_path / "lake.png"
    target.write_bytes(b"precious")
    for name in ("lake", "lake.png"):
        with pytest.raises(FileExistsError, match="lake"):
            output.save(tmp_path / name)
    assert target.read_bytes() == b"precious"
    assert output.save(target, overwrite=True).read_bytes() == PICTURE
    assert [file.name for file in tmp_path.iterdir()] == ["lake.png"]


LARGE = PICTURE + bytes(range(256)) * (80 << 10)
"""20 MiB, more than is held for the sake of saving."""


def is_held(output: MediaOutput) -> bool:
    try:
        pickle.dumps(output)
    except TypeError:
        return False
    return True


@pytest.mark.parametrize("way", ["blocking", "awaited"])
async def test_what_is_large_is_written_as_it_comes(
    output: MediaOutput, service: Service, tmp_path: Path, way: str
) -> None:
    service.output = LARGE
    target = tmp_path / "large"
    saved = output.save(target) if way == "blocking" else await output.save_async(target)
    assert saved == tmp_path / "large.png"
    assert saved.read_bytes() == LARGE
    assert not is_held(output)
    assert not list(tmp_path.glob(".*"))  # noqa: ASYNC240 (a test may block)


def test_saving_takes_little_memory(service: Service, run_script: Any, tmp_path: Path) -> None:
    service.output = PICTURE + bytes(100_000_000)
    run_script(
        "import resource\n"
        "from media_factory import ImageWorkflow\n"
        f"made = ImageWorkflow({service.config()!r}).process({PROMPT!r}).wait(10).outputs[0]\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "made.save('large.png')\n"
        "grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before\n"
        "assert grown < 30_000, grown\n"
    )
    assert (tmp_path / "large.png").stat().st_size == len(service.output)


def test_a_file_that_is_there_is_refused_before_the_download(
    output: MediaOutput, service: Service, tmp_path: Path
) -> None:
    asked = service.asked()
    (tmp_path / "lake.png").touch()
    with pytest.raises(FileExistsError, match=r"lake\.png"):
        output.save(tmp_path / "lake.png")
    assert service.asked() == asked


def test_a_download_that_fails_leaves_nothing(images: ImageWorkflow, tmp_path: Path) -> None:
    images = MediaFactoryRegistry().get_workflow(
        "image", {"service_endpoint": images._core.service_endpoint, "retry": {"max_attempts": 1}}
    )
    output = images.process({"prompt": "torn"}).wait(10).outputs[0]
    kept = tmp_path / "kept.png"
    kept.write_bytes(b"precious")
    for target, overwrite in ((tmp_path / "new.png", False), (kept, True), (tmp_path, False)):
        with pytest.raises(MediaFactoryError) as failed:
            output.save(target, overwrite=overwrite)
        assert failed.value.code == "output"
    assert list(tmp_path.iterdir()) == [kept]
    assert kept.read_bytes() == b"precious"


def test_a_disk_that_is_full_leaves_nothing(
    service: Service, run_script: Any, tmp_path: Path
) -> None:
    service.output = LARGE
    run_script(
        "import errno, os, resource\n"
        "from media_factory import ImageWorkflow\n"
        f"made = ImageWorkflow({service.config()!r}).process({PROMPT!r}).wait(10).outputs[0]\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))\n"
        "try: made.save('large.png')\n"
        "except OSError as error: assert error.errno == errno.EFBIG, error\n"
        "else: raise AssertionError('it was saved')\n"
        "assert os.listdir() == [], os.listdir()\n"
    )
    assert list(tmp_path.iterdir()) == []


async def test_a_part_is_read_and_not_held(output: MediaOutput) -> None:
    assert output.read(1, 4) == b"PNG"
    assert await output.read_async(1, 4) == b"PNG"
    assert output.read(start=len(PICTURE) - 4) == PICTURE[-4:]
    assert output.read(0, 10**9) == PICTURE
    assert output.read(5, 5) == output.read(10**6) == output.read(6, 3) == b""
    assert not is_held(output)
    output.read()
    assert is_held(output)
    assert output.read(1, 4) == await output.read_async(1, 4) == b"PNG"
    assert output.read(6, 3) == output.read(10**6, 10**7) == b""


@pytest.mark.parametrize(("begin", "end"), [(-1, None), (0, -1), (1.5, None), ("1", 2), (True, 2)])
async def test_a_part_begins_and_ends_at_whole_numbers(
    output: MediaOutput, begin: Any, end: Any
) -> None:
    with pytest.raises(ValidationError, match="must be a whole number from 0"):
        output.read(begin, end)
    with pytest.raises(ValidationError, match="must be a whole number from 0"):
        await output.read_async(begin, end)


def test_a_folder_gets_one_file_after_the_other(output: MediaOutput, tmp_path: Path) -> None:
    names = [output.save(tmp_path).name for _ in range(3)]
    assert names == ["output.png", "output-2.png", "output-3.png"]
    assert output.save(f"{tmp_path / 'made'}{os.sep}") == tmp_path / "made" / "output.png"


def test_a_write_that_fails_leaves_nothing(
    output: MediaOutput, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output.read()

    def full(*_: object) -> int:
        raise OSError("no space left")

    monkeypatch.setattr(Path, "write_bytes", full)
    kept = tmp_path / "kept.png"
    kept.touch()
    for target, overwrite in ((tmp_path / "new.png", False), (kept, True)):
        with pytest.raises(OSError, match="no space"):
            output.save(target, overwrite=overwrite)
    assert list(tmp_path.iterdir()) == [kept]


def test_pictures_and_arrays(output: MediaOutput) -> None:
    picture = output.to_pil()
    assert isinstance(picture, Image.Image)
    assert (picture.size, picture.getpixel((0, 0))) == ((4, 3), (255, 0, 0))
    array = output.to_numpy()
    assert (array.shape, array.dtype) == ((3, 4, 3), np.uint8)
    assert (array[..., 0] == 255).all()


def test_missing_libraries_are_named(output: MediaOutput, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "PIL", None)
    monkeypatch.setitem(__import__("sys").modules, "numpy", None)
    with pytest.raises(ImportError, match=r"media-factory\[images\]"):
        output.to_pil()
    with pytest.raises(ImportError, match=r"media-factory\[arrays\]"):
        output.to_numpy()


def test_an_output_is_pickled_with_its_bytes(output: MediaOutput) -> None:
    with pytest.raises(TypeError, match="read"):
        pickle.dumps(output)
    output.read()
    again = pickle.loads(pickle.dumps(output))
    assert (again.read(), again.mime_type, again.url) == (PICTURE, "image/png", None)
    assert copy.deepcopy(output) is copy.copy(output) is output


def test_its_repr_shows_no_address(output: MediaOutput, service: Service) -> None:
    assert service.url not in repr(output)
    assert "image/png" in repr(output)


def test_a_task_is_a_live_handle_and_is_not_copied(workflow: ImageWorkflow) -> None:
    task = workflow.process(PROMPT).wait(10)
    for way in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="to_dict"):
            way(task)
    plain = pickle.loads(pickle.dumps(task.to_dict()))
    assert plain["task_id"] == task.task_id


def test_a_task_that_nobody_holds_keeps_running(workflow: ImageWorkflow, service: Service) -> None:
    service.hold = True
    seen: list[str] = []
    workflow.process(PROMPT, on_update=lambda event: seen.append(event.kind))
    gc.collect()
    service.wait_for("POST /generate")
    service.release.set()
    eventually(lambda: workflow.list_tasks("completed"))
    eventually(lambda: seen[-1:] == ["status"])


def test_a_workflow_that_nobody_holds_leaves_its_tasks(
    registry: MediaFactoryRegistry, service: Service
) -> None:
    task_id = registry.get_workflow("image", service.config()).process(PROMPT).task_id
    gc.collect()
    held = registry.get_task(task_id)
    assert held is not None
    assert held.wait(10).status == "completed"


def test_history_is_bounded_and_a_held_handle_outlives_it(
    registry: MediaFactoryRegistry, service: Service
) -> None:
    workflow = registry.get_workflow("image", service.config(history_limit=3))
    first = workflow.process(PROMPT).wait(10)
    for _ in range(5):
        last = workflow.process(PROMPT).wait(10)
    eventually(lambda: len(registry.list_tasks()) == 3)
    assert registry.get_task(first.task_id) is None
    assert registry.get_task(last.task_id) == last
    assert first.outputs[0].read() == PICTURE


def test_a_cancelled_task_has_no_outputs(workflow: ImageWorkflow, service: Service) -> None:
    service.hold = True
    task = workflow.process(PROMPT)
    task.cancel()
    assert (task.outputs, task.result) == ([], None)
    with pytest.raises(TaskCancelled):
        task.wait(1)


def test_media_inputs_reach_the_service(
    registry: MediaFactoryRegistry, service: Service, tmp_path: Path
) -> None:
    large = tmp_path / "large.png"
    large.write_bytes(PICTURE + bytes(2 << 20))
    workflow = registry.get_workflow("image", service.config())
    small = workflow.process({**PROMPT, "image": PICTURE}).wait(10)
    assert service.submissions()[-1].json["image"].startswith("data:image/png;base64,")
    assert small.parameters["image"] == PICTURE
    workflow.process({**PROMPT, "image": large}).wait(10)
    assert service.submissions()[-1].json["image"].startswith("/uploads/")
    upload = next(request for request in service.requests if request.path == "/uploads")
    assert (upload.body, upload.headers["content-type"]) == (large.read_bytes(), "image/png")
    workflow.process({**PROMPT, "image": "https://example.org/a.png"}).wait(10)
    assert service.submissions()[-1].json["image"] == "https://example.org/a.png"


@pytest.mark.parametrize(
    ("config", "content", "code"),
    [({"max_input_bytes": 20}, PICTURE, "too-large"), ({}, b"just text", "validation")],
    ids=["too large", "not a picture"],
)
def test_files_that_are_refused_before_any_upload(
    registry: MediaFactoryRegistry,
    service: Service,
    tmp_path: Path,
    config: dict[str, Any],
    content: bytes,
    code: str,
) -> None:
    file = tmp_path / "file.png"
    file.write_bytes(content)
    workflow = registry.get_workflow("image", service.config(**config))
    given: list[Callable[[], Any]] = [lambda: file, lambda: str(file), lambda: content]
    for make in given:
        (task,) = workflow.batch_process([{**PROMPT, "image": make()}])
        eventually(lambda task=task: task.status.is_terminal)
        assert task.status == "failed"
        assert task.error.code in {code, "validation"}
        assert "image" in str(task.error) or "file.png" in str(task.error)
    assert service.asked("POST") == []
