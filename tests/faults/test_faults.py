"""Every fault at every operation, blocking and on an event loop."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import starmap
from typing import Any

import pytest
from native_service import NativeService, running
from table import Case, Seen, cases, differences, ends_as_told, hit_enough

from media_factory import MediaFactoryError, MediaFactoryRegistry, MediaTask, TaskEvent


@pytest.fixture(scope="module")
def service() -> Iterator[NativeService]:
    with running("--faults", "--only", "image", "--only", "video") as service:
        yield service


def named(column: str) -> list[Any]:
    return [pytest.param(case, id=case.name) for case in cases(column)]


@pytest.mark.parametrize("case", named("python-sync"))
def test_blocking(service: NativeService, case: Case) -> None:
    service.give(case.rules)
    seen = [watch(case, *begun) for begun in begin(service, case)]
    check(service, case, seen)


@pytest.mark.parametrize("case", named("python-async"))
async def test_on_an_event_loop(service: NativeService, case: Case) -> None:
    service.give(case.rules)
    seen = [await watch_async(case, *begun) for begun in begin(service, case)]
    check(service, case, seen)


class Events(Counter[str]):
    """The events of one task, by kind; the last one counts as ``end`` too."""

    def __call__(self, event: TaskEvent) -> None:
        self[event.kind] += 1
        self["end"] += event.is_terminal


def begin(service: NativeService, case: Case) -> list[tuple[MediaTask, Events | None]]:
    """The tasks of the row; those of a batch tell no events from their beginning."""
    config = service.config(case.medium, **case.config)
    workflow = MediaFactoryRegistry().get_workflow(case.medium, config)
    if case.batch is not None:
        tasks = workflow.batch_process([case.parameters] * case.batch)
        return [(task, None) for task in tasks]
    events = Events()
    return [(workflow.process(case.parameters, on_update=events), events)]


def watch(case: Case, task: MediaTask, events: Events | None) -> Seen:
    for pause in pauses(case, task, events):
        time.sleep(pause)
    try:
        task.wait()
    except MediaFactoryError as failure:
        return seen_of(task, events, failure.code)
    try:
        return seen_of(task, events, None, judged(task, task.outputs[0].read()))
    except MediaFactoryError as failure:
        return seen_of(task, events, None, failure.code)


async def watch_async(case: Case, task: MediaTask, events: Events | None) -> Seen:
    for pause in pauses(case, task, events):
        await asyncio.sleep(pause)
    try:
        await task
    except MediaFactoryError as failure:
        return seen_of(task, events, failure.code)
    try:
        return seen_of(task, events, None, judged(task, await task.outputs[0].read_async()))
    except MediaFactoryError as failure:
        return seen_of(task, events, None, failure.code)


def pauses(case: Case, task: MediaTask, events: Events | None) -> Iterator[float]:
    """Cancels where the row says so, and sees all events; gives seconds to pass meanwhile."""
    match case.cancel:
        case float(seconds):
            yield seconds
            task.cancel()
        case str(kind):
            yield from until(events, kind)
            task.cancel()
    yield from until(events, "end")


def until(events: Events | None, kind: str) -> Iterator[float]:
    while events is not None and not events[kind]:
        yield 0.002


def seen_of(
    task: MediaTask, events: Events | None, code: str | None, output: str | None = None
) -> Seen:
    return Seen(task.task_id, task.status.value, code, output, dict(events or {}))


def judged(task: MediaTask, content: bytes) -> str:
    """Whether these are the bytes that the service made."""
    assert task.result is not None
    told = task.result["raw"]["outputs"][0]["sha256"]
    return "ok" if hashlib.sha256(content).hexdigest() == told else "other bytes"


def check(service: NativeService, case: Case, seen: list[Seen]) -> None:
    # The service is told of an end at the client when nobody waits for it any more.
    patience = time.monotonic() + 2
    while not all(starmap(partial(hit_enough, case), enumerate(hits := service.hits()))):
        if time.monotonic() > patience:
            break
        time.sleep(0.01)
    service.give([])
    remote = [service.end_of(task.task_id, case.medium) for task in seen]
    while "unknown" in remote and not ends_as_told(case, remote) and time.monotonic() < patience:
        time.sleep(0.01)
        remote = [service.end_of(task.task_id, case.medium) for task in seen]
    problems = differences(case, seen, service.counters(), remote, hits)
    assert not problems, "; ".join(problems)
