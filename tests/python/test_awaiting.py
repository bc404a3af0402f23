"""The same tasks on an event loop."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from pathlib import Path
from typing import Any

import pytest
from server import PICTURE, Service

from media_factory import (
    ImageWorkflow,
    TaskFailed,
    WaitTimeout,
    as_completed_async,
    event_loop,
    wait_all_async,
)


async def test_await_gives_the_task(images: ImageWorkflow, tmp_path: Path) -> None:
    task = images.process({"prompt": "a lake"})
    assert await task is task
    assert await task is task
    assert await task.outputs[0].read_async() == PICTURE
    saved = await task.outputs[0].save_async(tmp_path / "lake")
    assert saved.read_bytes() == PICTURE
    with pytest.raises(TaskFailed):
        await images.process({"prompt": "broken"})
    assert await images.list_models_async() != []
    assert (await images.health_async())["status"] == "healthy"


async def test_many_at_once(images: ImageWorkflow) -> None:
    tasks = [images.process({"prompt": str(place)}) for place in range(100)]
    assert await asyncio.gather(*tasks) == tasks
    # One pipe wakes the loop: nothing else runs beside it.
    assert event_loop.queue_of(asyncio.get_running_loop()).fileno() is not None
    tasks = [images.process({"prompt": str(place)}) for place in range(50)]
    assert await wait_all_async(tasks, timeout=10) == tasks
    assert {task async for task in as_completed_async(tasks)} == set(tasks)


async def test_timeouts_end_the_wait_only(images: ImageWorkflow, plain_service: Service) -> None:
    task = images.process({"prompt": "slow"})
    with pytest.raises(WaitTimeout):
        await task.wait_async(0.05)
    with pytest.raises(WaitTimeout):
        await wait_all_async([task], timeout=0.05)
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(task.wait_async(), 0.05)
    assert task.status == "pending"
    plain_service.release.set()
    await task.wait_async(10)


async def test_cancelling_who_awaits_the_task_cancels_it(images: ImageWorkflow) -> None:
    task = images.process({"prompt": "slow"})
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(task, 0.05)
    assert task.status == "cancelled"
    assert event_loop.queue_of(asyncio.get_running_loop()).waiting() == 0


async def test_callbacks_run_on_the_loop(images: ImageWorkflow) -> None:
    told: list[Any] = []
    here = threading.get_ident()
    task = images.process(
        {"prompt": "a lake"},
        on_update=lambda event: told.append((threading.get_ident(), event.kind)),
    )
    await task
    await asyncio.sleep(0.05)
    assert told == [(here, "created"), (here, "status"), (here, "status")]


async def test_events(images: ImageWorkflow, plain_service: Service) -> None:
    task = images.process({"prompt": "slow"})
    stream = task.events()
    assert (await anext(stream)).kind == "snapshot"
    plain_service.release.set()
    assert [event.kind async for event in stream] == ["status", "status"]


async def test_blocking_works_inside_a_running_loop(images: ImageWorkflow) -> None:
    assert images.process({"prompt": "a lake"}).wait(10).status == "completed"


async def test_loops_that_cannot_watch_pipes(
    images: ImageWorkflow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def add_reader(*_: object) -> None:
        raise NotImplementedError

    monkeypatch.setattr(asyncio.get_running_loop(), "add_reader", add_reader)
    tasks = [images.process({"prompt": str(place)}) for place in range(20)]
    assert await asyncio.gather(*tasks) == tasks


def test_a_loop_is_let_go(images: ImageWorkflow) -> None:
    loops: list[weakref.ref[asyncio.AbstractEventLoop]] = []

    async def main() -> None:
        loops.append(weakref.ref(asyncio.get_running_loop()))
        await images.process({"prompt": "a lake"}, on_update=lambda event: None)

    asyncio.run(main())
    gc.collect()
    assert loops[0]() is None
