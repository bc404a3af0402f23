"""Transports that users write."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

import pytest

from media_factory import (
    ConfigError,
    ConnectionFailed,
    ImageWorkflow,
    MediaFactoryRegistry,
    TaskFailed,
    TransportRequest,
    TransportResponse,
)

BODY = json.dumps({"status": "success", "url": "/1.png"}).encode()


def run(transport: Any, **config: Any) -> Any:
    workflow = ImageWorkflow(
        {"service_endpoint": "http://nowhere", "transport": transport, **config}
    )
    return workflow.process({"prompt": "a lake"})


def test_a_function() -> None:
    seen: list[TransportRequest] = []

    def transport(request: TransportRequest) -> Any:
        seen.append(request)
        return 200, {"Content-Type": "application/json"}, BODY

    assert run(transport, api_key="s3cret").wait(10).status == "completed"
    assert (seen[0].method, seen[0].url) == ("POST", "http://nowhere/generate")
    assert seen[0].headers["authorization"] == "Bearer s3cret"
    assert json.loads(seen[0].body) == {"prompt": "a lake"}
    assert "s3cret" not in repr(seen[0])


def test_an_async_function() -> None:
    async def transport(request: TransportRequest) -> TransportResponse:
        await asyncio.sleep(0)
        return TransportResponse(200, {}, BODY)

    assert run(transport).wait(10).status == "completed"


def test_what_it_raises_is_the_cause() -> None:
    def transport(request: TransportRequest) -> Any:
        raise KeyError("mine")

    task = run(transport, retry={"base_delay": 0})
    with pytest.raises(TaskFailed) as raised:
        task.wait(10)
    assert raised.value.code == "ambiguous-submit"
    assert isinstance(task.error.__cause__, KeyError)


def test_it_may_say_that_nothing_was_sent() -> None:
    asked: list[str] = []

    async def transport(request: TransportRequest) -> Any:
        asked.append(request.method)
        if len(asked) == 1:
            raise ConnectionFailed("the line is dead")
        return 200, {}, BODY

    assert run(transport, retry={"base_delay": 0}).wait(10).attempts == 2


def test_an_answer_that_is_none() -> None:
    task = run(lambda request: "nonsense", retry={"base_delay": 0})
    with pytest.raises(TaskFailed, match="status, headers, body"):
        task.wait(10)


def test_cancelling_stops_it() -> None:
    entered, stopped = threading.Event(), threading.Event()

    async def transport(request: TransportRequest) -> Any:
        entered.set()
        try:
            await asyncio.sleep(60)
        finally:
            stopped.set()

    task = run(transport)
    assert entered.wait(5)
    task.cancel()
    assert stopped.wait(5)


def test_it_can_be_a_default(registry: MediaFactoryRegistry) -> None:
    registry.configure({"image": {"transport": lambda request: (200, {}, BODY)}})
    assert registry.get_workflow("image").process({"prompt": "x"}).wait(10).status == "completed"
    with pytest.raises(ConfigError, match="callable"):
        registry.configure({"transport": "reqwest"})
    with pytest.raises(ConfigError, match="callable"):
        ImageWorkflow({"transport": 5})
