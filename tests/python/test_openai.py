"""The protocol of OpenAI against a server that speaks it."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import eventually
from openai_server import KEY, OpenAiServer
from server import png
from test_notebook import Kernel, is_harmless, kernel

from media_factory import (
    AuthenticationFailed,
    ImageWorkflow,
    MediaFactoryRegistry,
    TaskFailed,
    Unsupported,
    VoiceWorkflow,
    notebook,
)

__all__ = ["kernel"]


@pytest.fixture
def server() -> Iterator[OpenAiServer]:
    server = OpenAiServer()
    with server.service.running():
        yield server
        server.may_finish.set()


@pytest.fixture
def painter(registry: MediaFactoryRegistry, server: OpenAiServer) -> ImageWorkflow:
    return registry.get_workflow("image", server.config(default_model="painter-1"))


@pytest.fixture
def speaker(registry: MediaFactoryRegistry, server: OpenAiServer) -> VoiceWorkflow:
    return registry.get_workflow("voice", server.config(default_model="speaker-1"))


def test_pictures(painter: ImageWorkflow, server: OpenAiServer) -> None:
    task = painter.process({"prompt": "a lake", "resolution": "1024x1024", "count": 2}).wait(10)
    assert [output.read() for output in task.outputs] == [png(16, 16), png(17, 16)]
    assert task.outputs[0].mime_type == "image/png"
    assert server.last.json == {
        "prompt": "a lake", "model": "painter-1", "n": 2, "size": "1024x1024",
    }  # fmt: skip
    assert server.last.headers["authorization"] == f"Bearer {KEY}"


async def test_pictures_awaited(painter: ImageWorkflow) -> None:
    task = await painter.process({"prompt": "a lake"})
    assert (await task.outputs[0].read_async()) == png(16, 16)


def test_an_edit_is_a_form(painter: ImageWorkflow, server: OpenAiServer) -> None:
    given = png(64, 48)
    task = painter.process({"prompt": "more sun", "image": given, "format": "png"}).wait(10)
    assert task.outputs[0].read() == png(16, 16)
    assert server.last.path == "/v1/images/edits"
    assert server.form(server.last) == {
        "prompt": "more sun", "model": "painter-1", "output_format": "png", "image": given,
    }  # fmt: skip


PREVIEWS = {"prompt": "a lake", "extra": {"partial_images": 2}}


def test_previews_come_while_it_is_made(painter: ImageWorkflow, server: OpenAiServer) -> None:
    task = painter.process(PREVIEWS)
    seen = []
    for event in task.events():
        if event.kind == "preview":
            assert task.status == "processing"
            assert event.output is not None
            seen.append(event.output.read())
            if seen[-1] == png(3, 2):
                server.may_finish.set()
    assert seen[-1] == png(3, 2)
    assert task.outputs[0].read() == png(16, 16)


async def test_previews_awaited(painter: ImageWorkflow, server: OpenAiServer) -> None:
    task = painter.process(PREVIEWS)
    async for event in task.events():
        if event.output is not None and event.output.read() == png(3, 2):
            server.may_finish.set()
    assert task.status == "completed"


def test_previews_for_a_callback(painter: ImageWorkflow, server: OpenAiServer) -> None:
    seen: list[bytes] = []

    def on_update(event: Any) -> None:
        if event.kind == "preview":
            seen.append(event.output.read())
            assert event.output.mime_type == "image/png"

    task = painter.process(PREVIEWS, on_update=on_update)
    eventually(lambda: len(seen) == 2)
    server.may_finish.set()
    task.wait(10)
    assert seen == [png(2, 2), png(3, 2)]


def test_the_card_shows_the_newest_preview(
    kernel: Kernel,
    painter: ImageWorkflow,
    server: OpenAiServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(notebook, "PAUSE", 0)
    newest, finished = (notebook.medium(output(size)) for size in ((3, 2), (16, 16)))
    task = painter.process(PREVIEWS)
    task._ipython_display_()
    eventually(lambda: kernel.updates and newest in kernel.updates[-1]["text/html"])
    card = kernel.updates[-1]["text/html"]
    assert card.index("<progress") < card.index(newest)
    assert is_harmless(card)
    server.may_finish.set()
    eventually(lambda: finished in kernel.updates[-1]["text/html"])
    assert newest not in kernel.updates[-1]["text/html"]


def output(size: tuple[int, int]) -> Any:
    from media_factory import MediaOutput

    return MediaOutput.from_bytes(png(*size))


def test_speech(speaker: VoiceWorkflow, server: OpenAiServer) -> None:
    task = speaker.process({"text": "Hello", "voice": "alto", "format": "wav"}).wait(10)
    assert task.outputs[0].mime_type == "audio/wav"
    with wave.open(io.BytesIO(task.outputs[0].read())) as sound:
        assert sound.getnframes() == 16_000
    assert server.last.json == {
        "input": "Hello", "voice": "alto", "model": "speaker-1", "response_format": "wav",
    }  # fmt: skip


async def test_lists(painter: ImageWorkflow) -> None:
    assert painter.list_models() == ["painter-1", "speaker-1"]
    assert await painter.list_models_async() == ["painter-1", "speaker-1"]
    assert "speaker-1" in painter.get_capabilities()["models"]
    for ask in (painter.list_styles, painter.list_resolutions, painter.health):
        with pytest.raises(Unsupported):
            ask()


@pytest.mark.parametrize("parameter", [{"seed": 7}, {"negative_prompt": "people"}])
def test_what_it_cannot_do_is_refused(
    painter: ImageWorkflow, server: OpenAiServer, parameter: dict[str, Any]
) -> None:
    with pytest.raises(Unsupported) as refused:
        painter.process({"prompt": "a lake", **parameter})
    assert [issue.path for issue in refused.value.issues] == list(parameter)
    assert server.service.requests == []


def test_a_key_is_never_shown(registry: MediaFactoryRegistry, server: OpenAiServer) -> None:
    secret = "sk-another-secret"
    images = registry.get_workflow("image", server.config(api_key=secret))
    task = images.process({"prompt": "a lake"})
    with pytest.raises(TaskFailed) as failed:
        task.wait(10)
    assert isinstance(failed.value.__cause__, AuthenticationFailed)
    # The server repeats it in its answer.
    assert "Incorrect API key provided" in str(failed.value)
    shown = [repr(failed.value), str(failed.value), repr(failed.value.__cause__)]
    shown += [repr(images), repr(task), str(task.to_dict()), task._repr_html_()]
    shown += [str(event) for event in task.events()]
    assert secret not in "".join(shown)
