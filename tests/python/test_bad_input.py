"""Each piece of bad input gets a clear error with a stable code, and all else goes on."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from server import Exchange, Request, Service

from media_factory import (
    ConfigError,
    ImageWorkflow,
    MediaFactoryError,
    MediaFactoryRegistry,
    TaskFailed,
    ValidationError,
    as_completed,
    wait_all,
    wait_all_async,
)

PROMPT = {"prompt": "a lake"}
HUGE = "x" * 100_000_000


@pytest.fixture(autouse=True)
def _all_else_goes_on(workflow: ImageWorkflow) -> Iterator[None]:
    before = workflow.process(PROMPT)
    threads = threading.active_count()
    yield
    assert before.wait(10).status == "completed"
    assert workflow.process(PROMPT).wait(10).status == "completed"
    assert threading.active_count() <= threads + 20


@pytest.mark.parametrize(
    ("parameters", "path", "code"),
    [
        ({"promt": "x"}, "promt", "unknown"),
        ({**PROMPT, "foo": 1}, "foo", "unknown"),
        ({}, "prompt", "required"),
        ({"prompt": None}, "prompt", "required"),
        ({"prompt": 5}, "prompt", "type"),
        ({"prompt": ["x"]}, "prompt", "type"),
        ({"prompt": ""}, "prompt", "empty"),
        ({"prompt": " \n\t"}, "prompt", "empty"),
        ({"prompt": HUGE}, "prompt", "too_long"),
        ({"prompt": "lone \ud83e"}, "prompt", "format"),
        ({**PROMPT, "resolution": "0x0"}, "resolution", "format"),
        ({**PROMPT, "resolution": "9999999x1"}, "resolution", "format"),
        ({**PROMPT, "resolution": "1024*1024"}, "resolution", "format"),
        ({**PROMPT, "resolution": 1024}, "resolution", "type"),
        ({**PROMPT, "hdr": "yes"}, "hdr", "type"),
        ({**PROMPT, "hdr": 1}, "hdr", "type"),
        ({**PROMPT, "seed": math.nan}, "seed", "range"),
        ({**PROMPT, "seed": -1}, "seed", "range"),
        ({**PROMPT, "seed": 1.5}, "seed", "type"),
        ({**PROMPT, "count": 17}, "count", "range"),
        ({**PROMPT, "count": True}, "count", "type"),
        ({**PROMPT, "model": "gpt"}, "model", "choice"),
        ({**PROMPT, "format": "exe"}, "format", "choice"),
        ({**PROMPT, "strength": 0.5}, "strength", "conflict"),
        ({**PROMPT, "image": "no/such/file.png"}, "image", "format"),
        ({**PROMPT, "image": Path("no/such/file.png")}, "image", "format"),
        ({**PROMPT, "image": "file:///etc/passwd"}, "image", "format"),
        ({**PROMPT, "image": "javascript:alert(1)"}, "image", "format"),
        ({**PROMPT, "image": b""}, "image", "empty"),
        ({**PROMPT, "image": 5}, "image", "type"),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_parameters(
    workflow: ImageWorkflow, parameters: dict[str, Any], path: str, code: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        workflow.process(parameters)
    (issue,) = [issue for issue in caught.value.issues if issue.path == path]
    assert (issue.code, caught.value.code) == (code, "validation")
    assert path in issue.message
    assert len(str(caught.value)) < 1000
    assert not workflow.validate_parameters(parameters)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, True, "5", 0, -1, 301])
def test_durations(registry: MediaFactoryRegistry, value: Any) -> None:
    (issue,) = registry.get_workflow("video").check({**PROMPT, "duration": value})
    assert issue.path == "duration"


@pytest.mark.parametrize("value", [math.nan, 0.4, 2.1, "fast"])
def test_speeds(registry: MediaFactoryRegistry, value: Any) -> None:
    (issue,) = registry.get_workflow("voice").check({"text": "x", "speed": value})
    assert issue.path == "speed"


@pytest.mark.parametrize("parameters", [None, "prompt", ["prompt"], 5, object(), b"x"])
def test_parameters_that_are_no_dictionary(workflow: ImageWorkflow, parameters: Any) -> None:
    with pytest.raises(ValidationError):
        workflow.process(parameters)
    (task,) = workflow.batch_process([parameters])
    assert task.error is not None
    assert task.error.code == "validation"


def test_every_problem_is_listed_at_once(workflow: ImageWorkflow) -> None:
    with pytest.raises(ValidationError) as caught:
        workflow.process({"prompt": "", "seed": -1, "colour": "red", "styel": "x"})
    issues = {issue.path: issue for issue in caught.value.issues}
    assert set(issues) == {"prompt", "seed", "colour", "styel"}
    assert issues["styel"].suggestion == "style"
    assert "style" in issues["styel"].message


@pytest.mark.parametrize(
    "config",
    [
        {"service_endpoint": "no url"},
        {"service_endpoint": "file:///etc/passwd"},
        {"service_endpoint": "javascript:alert(1)"},
        {"service_endpoint": "http://user:secret@host"},
        {"service_endpoint": "http://host/?key=1"},
        {"service_endpoint": ""},
        {"service_endpoint": 5},
        {"timeout": -1},
        {"timeout": math.nan},
        {"timeout": "soon"},
        {"retry": {"max_attempts": 0}},
        {"retry": {"tries": 3}},
        {"protocol": "carrier-pigeon"},
        {"headers": {"bad name": "x"}},
        {"headers": {"name": "line\nbreak"}},
        {"service_endpont": "http://x"},
        {"max_concurrency": 0},
        {"models": "one"},
        "config",
    ],
    ids=str,
)
def test_configuration(registry: MediaFactoryRegistry, config: Any) -> None:
    with pytest.raises(ConfigError) as caught:
        registry.get_workflow("image", config)
    assert caught.value.code == "config"
    assert caught.value.issues
    assert "secret" not in str(caught.value)


Answer = Callable[[Request, Exchange], None]
DEEP = b'{"a":' * 50_000 + b"1" + b"}" * 50_000


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (lambda _, exchange: exchange.reply(200, b"<html>hello</html>", "text/html"), "protocol"),
        (lambda _, exchange: exchange.reply(200, b'{"status": "\xff"}'), "protocol"),
        (lambda _, exchange: exchange.reply(200, DEEP), "protocol"),
        (lambda _, exchange: exchange.reply(200, b'{"status": "success"}'), "protocol"),
        (lambda _, exchange: exchange.cut(200, 1000, b'{"sta', "application/json"), "connection"),
        (lambda _, exchange: exchange.hang_up(), "connection"),
    ],
    ids=["html", "not utf-8", "deep json", "no output", "cut body", "hung up"],
)  # fmt: skip
def test_answers(
    registry: MediaFactoryRegistry, start: Callable[..., Service], answer: Answer, code: str
) -> None:
    service = start()
    service.answer = lambda request, exchange: (
        answer(request, exchange)
        if request.path == "/generate"
        else service.standard(request, exchange)
    )
    config = service.config(retry={"max_attempts": 2, "base_delay": 0.01})
    with pytest.raises(TaskFailed) as caught:
        registry.get_workflow("image", config).process(PROMPT).wait(20)
    assert caught.value.code in {code, "ambiguous-submit"}
    assert service.url in caught.value.message


def test_a_service_that_is_not_there(registry: MediaFactoryRegistry) -> None:
    config = {"service_endpoint": "http://127.0.0.1:9", "retry": {"max_attempts": 1}}
    with pytest.raises(TaskFailed) as caught:
        registry.get_workflow("image", config).process(PROMPT).wait(20)
    assert caught.value.code == "connection"
    nowhere = {"service_endpoint": "http://no-such-host.invalid", "retry": {"max_attempts": 1}}
    with pytest.raises(TaskFailed, match="no-such-host"):
        registry.get_workflow("image", nowhere).process(PROMPT).wait(20)


def test_an_output_larger_than_the_limit(
    registry: MediaFactoryRegistry, start: Callable[..., Service]
) -> None:
    service = start(output=b"\x89PNG\r\n\x1a\n" + bytes(100_000))
    workflow = registry.get_workflow("image", service.config(max_output_bytes=50_000))
    output = workflow.process(PROMPT).wait(10).outputs[0]
    with pytest.raises(MediaFactoryError) as caught:
        output.read()
    assert caught.value.code == "too-large"


def refused(argument: str, call: Callable[[], object]) -> None:
    with pytest.raises(ValidationError, match=f"^{argument} must be") as caught:
        call()
    assert caught.value.code == "validation"
    assert [issue.path for issue in caught.value.issues] == [argument]


@pytest.mark.parametrize("timeout", ["1", math.nan, math.inf, 1e300, -1, True, object()], ids=str)
async def test_timeouts_that_are_none(workflow: ImageWorkflow, timeout: Any) -> None:
    task = workflow.process(PROMPT).wait(10)
    refused("timeout", lambda: task.wait(timeout))
    refused("timeout", lambda: wait_all([task], timeout))
    refused("timeout", lambda: list(as_completed([task], timeout)))
    refused("timeout", lambda: workflow.process(PROMPT, timeout=timeout))
    with pytest.raises(ValidationError, match=r"^timeout must be"):
        await task.wait_async(timeout)
    with pytest.raises(ValidationError, match=r"^timeout must be"):
        await wait_all_async([task], timeout)


def test_a_deadline_of_no_time(workflow: ImageWorkflow) -> None:
    refused("timeout", lambda: workflow.process(PROMPT, timeout=0))


@pytest.mark.parametrize("callback", [5, "print"])
def test_callbacks_that_are_none(workflow: ImageWorkflow, callback: Any) -> None:
    refused("on_update", lambda: workflow.process(PROMPT, on_update=callback))
    refused("on_update", lambda: workflow.create_task({}, on_update=callback))
    refused("on_update", lambda: workflow.process(PROMPT).on_update(callback))


@pytest.mark.parametrize("status", ["bogus", "", 5])
def test_statuses_that_are_none(
    registry: MediaFactoryRegistry, workflow: ImageWorkflow, status: Any
) -> None:
    refused("status", lambda: workflow.list_tasks(status))
    refused("status", lambda: registry.list_tasks(status))


@pytest.mark.parametrize("items", [None, 5, "prompt", b"prompt", PROMPT], ids=str)
def test_batches_that_are_none(workflow: ImageWorkflow, items: Any) -> None:
    refused("batch_parameters", lambda: workflow.batch_process(items))
