"""What a service can do wrong, and what the task says about it."""

from __future__ import annotations

import json
import pickle
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from server import Exchange, Request, Service

import media_factory
from media_factory import (
    AmbiguousSubmit,
    AuthenticationFailed,
    ConfigError,
    ConnectionFailed,
    ImageWorkflow,
    MediaFactoryError,
    MediaFactoryRegistry,
    NotFound,
    ProtocolError,
    QuotaExceeded,
    RateLimited,
    RequestTimeout,
    ServiceFailed,
    TaskFailed,
    TooLarge,
    ValidationError,
)

PROMPT = {"prompt": "a lake"}
IMPATIENT = {"retry": {"max_attempts": 2, "base_delay": 0.01, "max_delay": 0.02}}
Answer = Callable[[Request, Exchange], None]


def end(workflow: ImageWorkflow, **parameters: Any) -> MediaFactoryError:
    """The error with which a task ends."""
    task = workflow.process({**PROMPT, **parameters})
    with pytest.raises(TaskFailed) as caught:
        task.wait(20)
    assert task.error is not None
    assert caught.value.code == task.error.code
    return task.error


def answering(service: Service, answer: Answer) -> Answer:
    """Answers submissions with ``answer`` and all else as ever."""

    def instead(request: Request, exchange: Exchange) -> None:
        (answer if request.path == "/generate" else service.standard)(request, exchange)

    return instead


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"error": {"code": "malformed", "message": "no JSON"}}, ServiceFailed),
        (401, {"error": "who are you?"}, AuthenticationFailed),
        (403, {"error": "not you"}, AuthenticationFailed),
        (404, {"error": "no such model"}, NotFound),
        (422, {"error": {"code": "validation", "message": "prompt is silly"}}, MediaFactoryError),
        (402, {"error": "pay first"}, QuotaExceeded),
    ],
)
def test_refusals_keep_their_status_and_say_where(
    workflow: ImageWorkflow, service: Service, status: int, body: Any, kind: type[MediaFactoryError]
) -> None:
    service.answer = answering(service, lambda _, exchange: exchange.json(status, body))
    error = end(workflow)
    assert isinstance(error, kind)
    assert error.status == status
    assert service.url in str(error)
    assert len(service.submissions()) == 1
    assert error.attempts == 1


def test_nobody_there(registry: MediaFactoryRegistry) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    images = registry.get_workflow("image", {"service_endpoint": url, **IMPATIENT})
    error = end(images)
    assert isinstance(error, ConnectionFailed)
    assert isinstance(error, ConnectionError)
    assert (error.retryable, error.attempts) == (True, 2)
    assert url in error.message
    assert error.hint


@pytest.mark.parametrize(
    "body",
    [
        b"<html>welcome to the router</html>",
        b"\xff\xfe not text",
        b"",
        b"[1,",
        b"[" * 100_000,
        b"null",
    ],
    ids=["html", "not utf-8", "empty", "cut json", "deep json", "null"],
)
def test_answers_that_are_none(workflow: ImageWorkflow, service: Service, body: bytes) -> None:
    service.answer = answering(service, lambda _, exchange: exchange.reply(200, body, "text/html"))
    error = end(workflow)
    assert isinstance(error, ProtocolError)
    assert service.url in error.message
    assert "router" not in str(error)


def test_a_submission_cut_in_the_middle_is_repeated_under_the_same_key(
    registry: MediaFactoryRegistry, service: Service
) -> None:
    cuts = iter([True])

    def cut(request: Request, exchange: Exchange) -> None:
        if next(cuts, False):
            exchange.cut(200, 1000, b'{"status": "succ', "application/json")
        else:
            service.standard(request, exchange)

    service.answer = answering(service, cut)
    images = registry.get_workflow("image", service.config(**IMPATIENT))
    task = images.process(PROMPT)
    kinds = [event.kind for event in task.events()]
    assert task.status == "completed"
    assert "retry" in kinds
    keys = {request.headers["idempotency-key"] for request in service.submissions()}
    assert (len(service.submissions()), keys) == (2, {task.task_id})


def test_version_0_is_never_paid_twice(
    start: Callable[..., Service], registry: MediaFactoryRegistry
) -> None:
    service = start(version=0)
    service.answer = answering(service, lambda _, exchange: exchange.hang_up())
    images = registry.get_workflow("image", service.config(**IMPATIENT))
    error = end(images)
    assert isinstance(error, AmbiguousSubmit)
    assert len(service.submissions()) == 1
    assert error.hint


def test_a_lost_stream_does_not_lose_the_job(
    registry: MediaFactoryRegistry, service: Service
) -> None:
    cuts = iter([True, True])

    def answer(request: Request, exchange: Exchange) -> None:
        if request.path.endswith("/events") and next(cuts, False):
            exchange.hang_up()
        else:
            service.standard(request, exchange)

    service.answer = answer
    images = registry.get_workflow("image", service.config(**IMPATIENT))
    assert images.process(PROMPT).wait(20).status == "completed"
    assert len(service.submissions()) == 1


def test_rate_limits_are_waited_for_or_named(workflow: ImageWorkflow, service: Service) -> None:
    limits = iter([{"Retry-After": "0"}])

    def limited(request: Request, exchange: Exchange) -> None:
        headers = next(limits, None)
        if headers is None:
            service.standard(request, exchange)
        else:
            exchange.json(429, {"error": "slow down"}, **headers)

    service.answer = answering(service, limited)
    assert workflow.process(PROMPT).wait(10).attempts == 2
    limits = iter([{"Retry-After": "3600"}])
    error = end(workflow)
    assert isinstance(error, RateLimited)
    assert (error.retry_after, error.status) == (3600, 429)


def test_silence_on_the_wire_ends_in_a_timeout(
    registry: MediaFactoryRegistry, service: Service
) -> None:
    service.latency = 5
    images = registry.get_workflow("image", service.config(timeout=0.3))
    error = end(images)
    assert isinstance(error, (RequestTimeout, AmbiguousSubmit))
    assert len(service.submissions()) == 1


def test_redirects_to_another_origin_are_not_followed(
    workflow: ImageWorkflow, service: Service, start: Callable[..., Service]
) -> None:
    elsewhere = start()
    service.answer = answering(
        service, lambda _, exchange: exchange.json(307, {}, Location=f"{elsewhere.url}/generate")
    )
    assert isinstance(end(workflow), ProtocolError)
    assert elsewhere.requests == []


def test_downloads_fail_apart_from_the_task(
    registry: MediaFactoryRegistry, service: Service
) -> None:
    broken = True

    def answer(request: Request, exchange: Exchange) -> None:
        if request.path.startswith("/outputs/") and broken:
            exchange.cut(200, 10_000, b"\x89PNG", "image/png")
        else:
            service.standard(request, exchange)

    service.answer = answer
    images = registry.get_workflow("image", service.config(**IMPATIENT))
    output = images.process(PROMPT).wait(10).outputs[0]
    with pytest.raises(MediaFactoryError) as caught:
        output.read()
    assert caught.value.code == "output"
    broken = False
    assert output.read() == service.output
    assert images.list_tasks()[0].status == "completed"


async def test_outputs_over_the_limit(registry: MediaFactoryRegistry, service: Service) -> None:
    images = registry.get_workflow("image", service.config(max_output_bytes=10))
    output = (await images.process(PROMPT)).outputs[0]
    with pytest.raises(TooLarge, match="10"):
        output.read()
    with pytest.raises(TooLarge):
        await output.read_async()


def test_the_process_goes_on_after_all_of_that(workflow: ImageWorkflow, service: Service) -> None:
    service.answer = answering(
        service, lambda _, exchange: exchange.reply(200, b"<html>", "text/html")
    )
    end(workflow)
    service.answer = service.standard
    assert workflow.process(PROMPT).wait(10).status == "completed"


SECRET = "sk-very-secret"


def test_secrets_are_sent_and_never_shown(
    registry: MediaFactoryRegistry, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    config = service.config(api_key=SECRET, headers={"X-Team": f"team-{SECRET}"}, **IMPATIENT)
    images = registry.get_workflow("image", config)
    task = images.process(PROMPT)
    told = [repr(event) for event in task.events()]
    sent = service.submissions()[0].headers
    assert sent["authorization"] == f"Bearer {SECRET}"
    assert sent["x-team"] == f"team-{SECRET}"
    service.answer = answering(service, lambda _, exchange: exchange.json(401, {"error": "no"}))
    error = end(images)
    shown = [
        repr(images), str(images), repr(registry), repr(task), repr(task.to_dict()), *told,
        repr(error), str(error), json.dumps(error.__dict__, default=repr), caplog.text,
        repr(task.outputs), repr(images.get_capabilities()),
    ]  # fmt: skip
    assert not [text for text in shown if SECRET in text]
    assert SECRET.encode() not in pickle.dumps(error)
    with pytest.raises(ConfigError) as caught:
        registry.get_workflow(
            "image", {"api_key": SECRET, "headers": {"a b": SECRET}, "timeout": -1}
        )
    assert SECRET not in str(caught.value) + repr(caught.value.issues)


def test_every_code_of_the_table_has_its_class() -> None:
    table = Path(__file__).parents[1] / "conformance" / "errors" / "codes.json"
    for row in json.loads(table.read_text(encoding="utf-8"))["codes"]:
        kind = getattr(media_factory, row["class"])
        assert issubclass(kind, MediaFactoryError)
        assert row["class"] == "MediaFactoryError" or kind.code == row["code"]
        assert kind("words", code=row["code"]).code == row["code"]


def test_errors_are_pickled_without_their_task(workflow: ImageWorkflow, service: Service) -> None:
    service.failure = {"code": "service-failed", "message": "out of paint", "retryable": True}
    error = end(workflow)
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert (again.code, again.message, again.retryable, again.task) == (
        error.code, error.message, error.retryable, None,
    )  # fmt: skip
    with pytest.raises(ValidationError) as caught:
        workflow.process({"promt": "x"})
    issues = pickle.loads(pickle.dumps(caught.value)).issues
    assert issues == caught.value.issues
