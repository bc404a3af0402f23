"""Large inputs on their way to a service."""

from __future__ import annotations

import re
import threading

import pytest
from conftest import eventually
from server import Exchange, Service, png
from test_notebook import Kernel, is_harmless, kernel

from media_factory import ImageWorkflow, MediaTask, TaskEvent, notebook, wait_all, wait_all_async

__all__ = ["kernel"]

LARGE = png() + bytes(8_000_000)
"""More than fits between two processes, so that it leaves in several steps."""


@pytest.fixture
def slow_line(service: Service, kernel: Kernel) -> threading.Event:
    """The service takes nothing in of an upload, beyond what is in between, until this is set.

    Before that it waits for something to be shown, where a test shows something.
    """
    may_go_on = threading.Event()

    def before_body(exchange: Exchange) -> None:
        if exchange.path == "/health" and kernel.is_awaited:
            eventually(lambda: kernel.shown)
        if exchange.path == "/uploads":
            may_go_on.wait(10)

    service.before_body = before_body
    return may_go_on


def started(workflow: ImageWorkflow) -> MediaTask:
    return workflow.process({"prompt": "a lake", "image": LARGE})


def test_an_upload_tells_how_far_it_is(
    workflow: ImageWorkflow, service: Service, slow_line: threading.Event
) -> None:
    told: list[TaskEvent] = []

    def on_update(event: TaskEvent) -> None:
        if event.sent_bytes is not None:
            told.append(event)
            slow_line.set()

    task = workflow.process({"prompt": "a lake", "image": LARGE}, on_update=on_update).wait(10)
    assert {event.stage for event in told} == {"uploading"}
    assert {event.progress for event in told} == {None}
    assert {event.total_bytes for event in told} == {len(LARGE)}
    sent = [event.sent_bytes for event in told]
    assert sent[0] == 0
    assert sent[-1] == len(LARGE)
    assert sent == sorted(set(sent))
    assert len(sent) > 10
    assert task.stage != "uploading"
    upload = next(r for r in service.requests if r.path == "/uploads")
    assert upload.body == LARGE
    assert upload.headers["content-length"] == str(len(LARGE))
    assert "transfer-encoding" not in upload.headers


def test_the_card_shows_how_far_it_is(
    kernel: Kernel,
    workflow: ImageWorkflow,
    slow_line: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(notebook, "PAUSE", 0)
    kernel.is_awaited = True
    task = started(workflow)
    task._ipython_display_()

    def uploads() -> list[str]:
        texts = [is_harmless(update["text/html"]).text for update in kernel.updates]
        return [text for text in texts if re.search(r"uploading \d+ %", text)]

    eventually(uploads)
    assert "<progress" in kernel.updates[-1]["text/html"]
    slow_line.set()
    task.wait(10)
    eventually(lambda: "data:image/png" in kernel.updates[-1]["text/html"])
    assert "uploading" not in kernel.updates[-1]["text/html"]


@pytest.mark.parametrize("way", ["blocking", "awaited"])
async def test_the_bar_shows_how_far_they_are(
    kernel: Kernel, workflow: ImageWorkflow, slow_line: threading.Event, way: str
) -> None:
    kernel.is_awaited = True
    tasks = [started(workflow), workflow.process({"prompt": "a lake"})]

    def lines() -> list[str]:
        return [update["text/plain"] for update in kernel.updates]

    def look() -> None:
        eventually(
            lambda: any(re.search(r"/2 tasks finished, uploading \d+ %", x) for x in lines())
        )
        slow_line.set()

    looking = threading.Thread(target=look)
    looking.start()
    if way == "blocking":
        wait_all(tasks, timeout=20, progress=True)
    else:
        await wait_all_async(tasks, timeout=20, progress=True)
    looking.join()
    assert slow_line.is_set()
    assert lines()[-1] == "2/2 tasks finished"
