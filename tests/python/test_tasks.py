"""A task from submission to its end, against a service on loopback, blocking and awaited."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from uuid import UUID

import pytest
from server import Exchange, Request, Service

from media_factory import (
    ImageWorkflow,
    MediaFactoryError,
    MediaFactoryRegistry,
    MediaTask,
    MediaType,
    ProcessingStatus,
    TaskCancelled,
    TaskEvent,
    TaskFailed,
    ValidationError,
    VideoWorkflow,
    VoiceWorkflow,
    WaitTimeout,
    as_completed,
    as_completed_async,
    wait_all,
    wait_all_async,
)

PROMPT = {"prompt": "a lake"}


def test_process_gives_a_pending_task_at_once(workflow: ImageWorkflow, service: Service) -> None:
    def slowly(request: Request, exchange: Exchange) -> None:
        service.release.wait(10)
        service.standard(request, exchange)

    service.answer = slowly
    task = workflow.process(PROMPT)
    assert (task.status, task.media_type) == (ProcessingStatus.PENDING, MediaType.IMAGE)
    assert UUID(task.task_id).version == 7
    assert (task.result, task.error, task.outputs, task.started_at) == (None, None, [], None)
    service.release.set()
    assert task.wait(10) is task


def test_a_finished_task_has_everything(workflow: ImageWorkflow, service: Service) -> None:
    before = datetime.now(timezone.utc) - timedelta(milliseconds=1)
    task = workflow.process({**PROMPT, "hdr": False}).wait(10)
    assert task.status is ProcessingStatus.COMPLETED
    assert task.started_at is not None
    assert task.finished_at is not None
    assert before <= task.created_at <= task.started_at <= task.updated_at == task.finished_at
    assert task.created_at.tzinfo is timezone.utc
    assert (task.progress, task.attempts, task.error) == (1.0, 1, None)
    assert task.remote_id == task.task_id
    assert task.metadata["model"] == "stable-diffusion"
    assert task.metadata["endpoint"] == service.url
    assert task.result is not None
    assert task.result["raw"]["status"] == "success"
    assert task.result["outputs"][0].read() == service.output
    assert service.submissions()[0].json == {"prompt": "a lake", "hdr": False}
    assert task.to_dict()["status"] == "completed"
    assert task.to_dict()["created_at"].endswith("Z")


def test_version_0_answers_at_once(
    start: Callable[..., Service], registry: MediaFactoryRegistry
) -> None:
    service = start(version=0)
    task = registry.get_workflow("image", service.config()).process(PROMPT).wait(10)
    assert task.remote_id == "img_1.5"
    assert task.outputs[0].url == f"{service.url}/outputs/img_1.5.png"
    assert task.started_at == task.finished_at


def test_jobs_are_polled_where_events_are_not_offered(
    start: Callable[..., Service], registry: MediaFactoryRegistry
) -> None:
    service = start(events=False, steps=3)
    config = service.config(poll_interval={"initial": 0.02, "max": 0.05, "factor": 1.5})
    task = registry.get_workflow("image", config).process(PROMPT).wait(10)
    assert task.status == "completed"
    assert service.asked("GET").count(f"GET /tasks/{task.task_id}") >= 1


async def test_await_wait_async_and_events(workflow: ImageWorkflow) -> None:
    task = workflow.process(PROMPT)
    assert await task is task
    assert await task.wait_async(timeout=1) is task
    kinds = [event.kind async for event in workflow.process(PROMPT).events()]
    assert kinds[0] == "snapshot"
    assert kinds[-1] == "status"


async def test_the_loop_goes_on_while_a_task_runs(
    workflow: ImageWorkflow, service: Service
) -> None:
    service.latency = 0.3
    task = workflow.process(PROMPT)
    turns = 0
    waiting = asyncio.ensure_future(task.wait_async())
    while not waiting.done():
        turns += 1
        await asyncio.sleep(0.01)
    assert turns > 3
    assert (await waiting).status == "completed"


async def test_blocking_calls_work_inside_a_running_loop(workflow: ImageWorkflow) -> None:
    task = workflow.process(PROMPT)
    assert task.wait(10).outputs[0].read()


def test_events_are_told_in_order_without_gaps(workflow: ImageWorkflow) -> None:
    events = list(workflow.process(PROMPT).events())
    assert events[0].kind == "snapshot"
    assert events[0].task is not None
    assert events[0].task["parameters"] == PROMPT
    assert [event.seq for event in events] == sorted({event.seq for event in events})
    progress = [event.progress for event in events if event.progress is not None]
    assert progress == sorted(progress)
    assert events[-1].is_terminal
    assert events[-1].status is ProcessingStatus.COMPLETED
    assert [event.is_terminal for event in events[:-1]] == [False] * (len(events) - 1)
    assert {"accepted", "status"} <= {event.kind for event in events}


def test_events_of_an_ended_task_are_one_snapshot(workflow: ImageWorkflow) -> None:
    task = workflow.process(PROMPT).wait(10)
    (event,) = task.events()
    assert (event.kind, event.is_terminal) == ("snapshot", True)


def test_on_update_is_called_in_order_on_one_thread(workflow: ImageWorkflow) -> None:
    seen: list[tuple[str, TaskEvent]] = []
    done = threading.Event()

    def note(event: TaskEvent) -> None:
        seen.append((threading.current_thread().name, event))
        if event.is_terminal:
            done.set()

    task = workflow.process(PROMPT, on_update=note)
    assert done.wait(10)
    assert {name for name, _ in seen} == {"media-factory-callbacks"}
    assert [event.seq for _, event in seen] == list(range(1, len(seen) + 1))
    assert seen[0][1].kind == "created"
    assert {event.task_id for _, event in seen} == {task.task_id}


async def test_on_update_under_a_running_loop_is_called_on_it(workflow: ImageWorkflow) -> None:
    here = threading.current_thread()
    seen: list[str] = []
    done = asyncio.Event()

    def note(event: TaskEvent) -> None:
        assert threading.current_thread() is here
        seen.append(event.kind)
        if event.is_terminal:
            done.set()

    workflow.process(PROMPT).on_update(note)
    await asyncio.wait_for(done.wait(), 10)
    assert "snapshot" not in seen


def test_an_unsubscribed_callback_is_not_called(workflow: ImageWorkflow, service: Service) -> None:
    service.hold = True
    seen: list[TaskEvent] = []
    task = workflow.process(PROMPT)
    task.on_update(seen.append)()
    service.release.set()
    task.wait(10)
    workflow.process(PROMPT).wait(10)
    assert seen == []


def test_a_raising_callback_is_logged_and_harms_nobody(
    workflow: ImageWorkflow, caplog: pytest.LogCaptureFixture
) -> None:
    calm: list[TaskEvent] = []
    done = threading.Event()

    def careful(event: TaskEvent) -> None:
        calm.append(event)
        if event.is_terminal:
            done.set()

    def careless(event: TaskEvent) -> None:
        raise RuntimeError("careless")

    with caplog.at_level(logging.ERROR, "media_factory"):
        task = workflow.process(PROMPT, on_update=careless)
        task.on_update(careful)
        task.wait(10)
        assert done.wait(10)
    assert "careless" in caplog.text
    assert task.task_id in caplog.text


def test_blocking_inside_a_callback_raises(workflow: ImageWorkflow, service: Service) -> None:
    service.hold = True
    other = workflow.process(PROMPT)
    problems: list[Exception] = []
    done = threading.Event()

    def block(event: TaskEvent) -> None:
        try:
            other.wait(5)
        except Exception as problem:
            problems.append(problem)
        finally:
            done.set()

    workflow.process(PROMPT, on_update=block)
    assert done.wait(10)
    assert not isinstance(problems[0], WaitTimeout)
    assert "callback" in str(problems[0])


def test_blocking_iteration_inside_a_callback_raises(
    workflow: ImageWorkflow, service: Service
) -> None:
    service.hold = True
    other = workflow.process(PROMPT)
    problems: list[MediaFactoryError] = []
    done = threading.Event()

    def follow(event: TaskEvent) -> None:
        try:
            list(other.events())
        except MediaFactoryError as problem:
            problems.append(problem)
        finally:
            done.set()

    workflow.process(PROMPT, on_update=follow)
    assert done.wait(5)
    assert problems[0].code == "internal"
    assert "inside a callback" in problems[0].message


def test_cancel_is_at_once_and_reaches_the_service(
    workflow: ImageWorkflow, service: Service
) -> None:
    service.hold = True
    task = workflow.process(PROMPT)
    service.wait_for("POST /generate")
    assert task.cancel()
    assert task.status is ProcessingStatus.CANCELLED
    assert not task.cancel()
    service.wait_for(f"DELETE /tasks/{task.task_id}")
    with pytest.raises(TaskCancelled) as caught:
        task.wait(10)
    assert (caught.value.code, caught.value.task) == ("cancelled", task)


async def test_cancelling_the_awaiting_asyncio_task_cancels(
    workflow: ImageWorkflow, service: Service
) -> None:
    service.hold = True
    task = workflow.process(PROMPT)

    async def wait() -> MediaTask:
        return await task

    waiting = asyncio.ensure_future(wait())
    await asyncio.to_thread(service.wait_for, "POST /generate")
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert task.status == "cancelled"
    await asyncio.to_thread(service.wait_for, f"DELETE /tasks/{task.task_id}")


async def test_wait_async_only_stops_waiting(workflow: ImageWorkflow, service: Service) -> None:
    service.hold = True
    task = workflow.process(PROMPT)
    waiting = asyncio.ensure_future(task.wait_async())
    await asyncio.sleep(0.05)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert not task.status.is_terminal
    with pytest.raises(WaitTimeout):
        await task.wait_async(timeout=0.05)
    service.release.set()
    assert (await task).status == "completed"


def test_wait_timeout_leaves_the_task_running(workflow: ImageWorkflow, service: Service) -> None:
    service.hold = True
    task = workflow.process(PROMPT)
    with pytest.raises(WaitTimeout) as caught:
        task.wait(0.05)
    assert isinstance(caught.value, TimeoutError)
    assert (caught.value.code, caught.value.task) == ("wait-timeout", task)
    assert not task.status.is_terminal
    service.release.set()
    assert task.wait(10).status == "completed"
    assert service.asked("DELETE") == []


def test_the_tasks_own_timeout_ends_it(workflow: ImageWorkflow, service: Service) -> None:
    service.hold = True
    task = workflow.process(PROMPT, timeout=0.3)
    with pytest.raises(TaskFailed) as caught:
        task.wait(10)
    assert caught.value.code == "timeout"
    service.wait_for(f"DELETE /tasks/{task.task_id}")


def test_a_failed_task_says_why(workflow: ImageWorkflow, service: Service) -> None:
    service.failure = {"code": "service-failed", "message": "out of paint", "retryable": False}
    task = workflow.process(PROMPT)
    with pytest.raises(TaskFailed, match="out of paint") as caught:
        task.wait(10)
    error = task.error
    assert error is not None
    assert caught.value.__cause__ is error
    assert (caught.value.code, error.code) == ("service-failed", "service-failed")
    assert error.task == task
    assert error.task_id == task.task_id
    assert str(error).startswith(error.message)
    assert error.remote_id == task.task_id


def test_batch_gives_one_task_per_item_in_order(workflow: ImageWorkflow) -> None:
    tasks = workflow.batch_process([PROMPT, {"prompt": ""}, {"promt": "x"}, {"prompt": "b"}])
    assert wait_all(tasks, timeout=10) == tasks
    assert [task.status.value for task in tasks] == ["completed", "failed", "failed", "completed"]
    assert isinstance(tasks[1].error, ValidationError)
    assert {issue.suggestion for issue in tasks[2].error.issues} == {"prompt", None}  # type: ignore[union-attr]
    assert workflow.batch_process([]) == []
    assert workflow.list_tasks() == tasks


@pytest.mark.parametrize("wrong", ["text", b"bytes", {"prompt": "x"}])
def test_a_batch_is_a_list(workflow: ImageWorkflow, wrong: object) -> None:
    with pytest.raises(ValidationError, match="list"):
        workflow.batch_process(wrong)  # type: ignore[arg-type]


def test_wait_all_keeps_the_order_and_raises_only_on_demand(workflow: ImageWorkflow) -> None:
    tasks = workflow.batch_process([PROMPT, {}, PROMPT])
    assert wait_all(tasks, timeout=10) == tasks
    with pytest.raises(TaskFailed) as caught:
        wait_all(tasks, raise_on_error=True)
    assert caught.value.task == tasks[1]
    assert wait_all([]) == []
    assert list(as_completed([])) == []


def test_as_completed_gives_whoever_finishes_first(
    workflow: ImageWorkflow, start: Callable[..., Service], registry: MediaFactoryRegistry
) -> None:
    slow = start(latency=0.4)
    last = registry.get_workflow("image", slow.config()).process(PROMPT)
    first = workflow.process(PROMPT)
    assert list(as_completed([last, first], timeout=10)) == [first, last]


async def test_the_async_twins(workflow: ImageWorkflow, service: Service) -> None:
    tasks = workflow.batch_process([PROMPT] * 5)
    assert await wait_all_async(tasks, timeout=10) == tasks
    assert {task async for task in as_completed_async(tasks)} == set(tasks)
    assert await asyncio.gather(*workflow.batch_process([PROMPT] * 5))
    service.hold = True
    held = workflow.batch_process([PROMPT, PROMPT])
    with pytest.raises(WaitTimeout):
        await wait_all_async(held, timeout=0.05)
    with pytest.raises(WaitTimeout):
        wait_all(held, timeout=0.05)
    with pytest.raises(WaitTimeout):
        list(as_completed(held, timeout=0.05))
    service.release.set()


def test_many_threads_share_a_workflow(workflow: ImageWorkflow) -> None:
    results: list[str] = []

    def run() -> None:
        results.extend(workflow.process(PROMPT).wait(20).status for _ in range(10))

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == ["completed"] * 80


def test_look_up_lists_and_cancel_by_id(
    workflow: ImageWorkflow, service: Service, registry: MediaFactoryRegistry
) -> None:
    task = workflow.process(PROMPT).wait(10)
    service.hold = True
    running = workflow.process(PROMPT)
    other = registry.get_workflow("image", service.config())
    assert workflow.get_task(task.task_id) == task
    assert other.get_task(task.task_id) is None
    assert registry.get_task(task.task_id) == task
    assert (workflow.get_task("none"), registry.get_task("none")) == (None, None)
    assert workflow.list_tasks() == [task, running]
    assert (
        workflow.list_tasks(ProcessingStatus.COMPLETED)
        == registry.list_tasks("completed")
        == [task]
    )
    assert other.list_tasks() == []
    assert not other.cancel_task(running.task_id)
    assert workflow.cancel_task(running.task_id)
    assert not workflow.cancel_task(running.task_id)
    assert not workflow.cancel_task("none")


def test_the_services_lists(workflow: ImageWorkflow, service: Service) -> None:
    assert not workflow.validate_parameters({**PROMPT, "model": "own-model"})
    assert [model["name"] for model in workflow.list_models()] == ["stable-diffusion", "own-model"]
    assert workflow.validate_parameters({**PROMPT, "model": "own-model"})
    assert workflow.list_styles() == workflow.list_resolutions() == ["one", "two"]
    assert workflow.health()["protocol"] == "media-factory/1"
    assert VoiceWorkflow(service.config()).list_voices() == ["one", "two"]
    assert "own-model" in workflow.get_capabilities()["models"]


async def test_the_services_lists_awaited(workflow: ImageWorkflow, service: Service) -> None:
    assert len(await workflow.list_models_async()) == 2
    assert await workflow.list_styles_async() == await workflow.list_resolutions_async()
    assert (await workflow.health_async())["status"] == "healthy"
    video = VideoWorkflow(service.config())
    assert await video.list_styles_async() == await video.list_resolutions_async()
    assert await VoiceWorkflow(service.config()).list_voices_async() == ["one", "two"]


def test_registries_are_isolated_and_the_class_is_the_default_one(
    service: Service, registry: MediaFactoryRegistry
) -> None:
    default = MediaFactoryRegistry.get_workflow(MediaType.IMAGE, service.config())
    task = default.process(PROMPT)
    assert MediaFactoryRegistry.get_task(task.task_id) == task
    assert registry.get_task(task.task_id) is None
    assert task in MediaFactoryRegistry.list_tasks()
    direct = ImageWorkflow(service.config()).process(PROMPT)
    assert direct in MediaFactoryRegistry.list_tasks()
    assert MediaFactoryRegistry.list_available_workflows()[:3] == ["image", "video", "voice"]
    wait_all([task, direct], timeout=10)
    with pytest.raises(ValueError, match="Unsupported media type"):
        registry.get_workflow("vidoe")


def test_concurrency_is_limited(registry: MediaFactoryRegistry, service: Service) -> None:
    service.hold = True
    workflow = registry.get_workflow("image", service.config(max_concurrency=2))
    tasks = workflow.batch_process([PROMPT] * 6)
    time.sleep(0.4)
    assert len(service.submissions()) == 2
    service.hold = False
    service.release.set()
    wait_all(tasks, timeout=10)
    assert len(service.submissions()) == 6


def test_handles_of_one_task_are_equal(workflow: ImageWorkflow) -> None:
    task = workflow.process(PROMPT)
    again = workflow.get_task(task.task_id)
    assert again is not None
    assert again is not task
    assert again == task
    assert len({again, task}) == 1
    assert task != workflow.process(PROMPT)
    assert task != task.task_id


def test_raising_an_error_of_ours_is_catching_the_builtin_one(workflow: ImageWorkflow) -> None:
    with pytest.raises(ValueError, match="prompt") as caught:
        workflow.process({})
    assert isinstance(caught.value, MediaFactoryError)
