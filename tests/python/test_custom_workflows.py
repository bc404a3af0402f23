"""Workflows that users write."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from media_factory import (
    ConfigError,
    ImageWorkflow,
    MediaFactory,
    MediaFactoryRegistry,
    MediaOutput,
    MediaTask,
    TaskFailed,
    ValidationError,
    ValidationIssue,
    VideoWorkflow,
    VoiceWorkflow,
    wait_all,
)

SOUND = b"RIFF\x04\0\0\0WAVE"


class MusicWorkflow(MediaFactory):
    def _setup(self) -> None:
        self.tempo = self.config.get("default_model", "andante")

    def validate_parameters(self, parameters: Any) -> Any:
        return parameters.get("answer", True)

    def process(self, parameters: Any) -> MediaTask:
        return self.run_task(parameters, parameters.get("body", self.compose))

    def compose(self, task: MediaTask) -> Any:
        task.report_progress(0.5, "composing")
        return {"outputs": [SOUND, MediaOutput.from_bytes(b"notes", "text/plain")], "key": "C"}

    def _get_supported_formats(self) -> list[str]:
        return ["wav"]

    def _get_features(self) -> list[str]:
        return ["melody"]


@pytest.fixture
def music(registry: MediaFactoryRegistry) -> Any:
    registry.register("music", MusicWorkflow)
    return registry.get_workflow("music")


def test_it_behaves_like_a_built_in_one(registry: MediaFactoryRegistry, music: Any) -> None:
    assert registry.list_available_workflows() == ["image", "video", "voice", "music"]
    assert music.media_type == "music"
    assert music.tempo == "andante"
    task = music.process({"mood": "calm"}).wait(5)
    assert task.parameters == {"mood": "calm"}
    assert task.result["raw"] == {"key": "C"}
    assert [output.mime_type for output in task.outputs] == ["audio/wav", "text/plain"]
    assert task.outputs[0].read() == SOUND
    assert [event.kind for event in task.events()] == ["snapshot"]
    assert registry.get_task(task.task_id) == music.get_task(task.task_id) == task
    capabilities = music.get_capabilities()
    assert (capabilities["supported_formats"], capabilities["features"]) == (["wav"], ["melody"])


def fails(task: MediaTask) -> Any:
    raise KeyError("no piano")


@pytest.mark.parametrize("outputs", [[5], [[1, 2]], ["a"], [None], 5, "", b"", SOUND])
def test_an_output_needs_bytes(music: Any, outputs: Any) -> None:
    task = music.process({"body": lambda task: {"outputs": outputs}})
    with pytest.raises(TaskFailed, match="an output needs bytes") as raised:
        task.wait(5)
    assert raised.value.code == "validation"
    held = music.create_task({})
    held.start()
    with pytest.raises(ValidationError, match="an output needs bytes"):
        held.complete({"outputs": outputs})
    assert held.status == "processing"


@pytest.mark.parametrize("outputs", [None, [], ()])
def test_no_outputs_are_none(music: Any, outputs: Any) -> None:
    task = music.process({"body": lambda task: {"outputs": outputs, "key": "C"}}).wait(5)
    assert task.result == {"outputs": [], "raw": {"key": "C"}}


def test_what_a_body_raises_is_the_cause(music: Any) -> None:
    task = music.process({"body": fails})
    with pytest.raises(TaskFailed, match="KeyError: 'no piano'") as raised:
        task.wait(5)
    assert raised.value.code == "internal"
    assert isinstance(task.error.__cause__, KeyError)


def test_a_batch_survives_what_process_raises(music: Any) -> None:
    tasks = music.batch_process([{}, {"answer": False}, {"answer": ["too loud"]}, {"answer": 1}])
    wait_all(tasks, timeout=5)
    assert [task.status.value for task in tasks] == ["completed", "failed", "failed", "failed"]
    assert [task.error and task.error.code for task in tasks] == [
        None, "validation", "validation", "config",
    ]  # fmt: skip
    assert "too loud" in str(tasks[2].error)


def test_answers_of_validate_parameters(music: Any) -> None:
    async def later() -> bool:
        return True

    assert music.check({}) == []
    assert [str(issue) for issue in music.check({"answer": ["too loud"]})] == ["too loud"]
    with pytest.raises(ValidationError):
        music.process({"answer": False})
    with pytest.raises(ConfigError, match="coroutine"):
        music.process({"answer": later()})


def test_problems_may_be_dictionaries(music: Any) -> None:
    whole = {
        "path": "mood", "code": "choice", "message": "mood is calm or wild", "value": "grim",
        "allowed": ["calm", "wild"], "suggestion": "calm",
    }  # fmt: skip
    with pytest.raises(ValidationError, match="mood is calm or wild; 5; a parameter") as raised:
        music.process({"answer": [{**whole, "severity": "high"}, {"message": 5}, {"allowed": 5}]})
    first, second, third = raised.value.issues
    assert first == ValidationIssue(
        "mood", "choice", "mood is calm or wild", "grim", ("calm", "wild"), "calm"
    )
    assert (second.path, second.code, second.message) == ("", "format", "5")
    assert third.allowed is None


@pytest.mark.parametrize("error", [5, None, ValueError, b"no piano"])
def test_a_task_fails_with_an_exception_or_text(music: Any, error: Any) -> None:
    task = music.create_task({})
    task.start()
    with pytest.raises(ValidationError, match="error must be an exception or a text"):
        task.fail(error)
    assert task.status == "processing"
    task.fail("no piano")
    assert str(task.error) == "no piano"


def test_misuse_raises_but_not_after_cancel(music: Any) -> None:
    task = music.create_task({})
    with pytest.raises(ValidationError, match="progress reported on a task that is pending"):
        task.report_progress(0.5)
    task.start()
    with pytest.raises(ValidationError):
        task.report_progress(2)
    task.complete({"a": 1})
    with pytest.raises(ValidationError, match="completed"):
        task.fail("late")
    cancelled = music.create_task({})
    assert cancelled.cancel()
    cancelled.report_progress(0.5)
    cancelled.complete()
    cancelled.fail("late")
    assert cancelled.status == "cancelled"


async def test_an_async_body_runs_on_the_callers_loop(music: Any) -> None:
    threads: list[int] = []

    async def compose(task: MediaTask) -> Any:
        threads.append(threading.get_ident())
        await asyncio.sleep(0)
        return SOUND

    assert (await music.process({"body": compose})).outputs[0].read() == SOUND
    assert threads == [threading.get_ident()]


async def test_cancel_reaches_an_async_body(music: Any) -> None:
    stopped = asyncio.Event()

    async def compose(task: MediaTask) -> Any:
        try:
            await asyncio.sleep(60)
        finally:
            stopped.set()

    task = music.process({"body": compose})
    await asyncio.sleep(0.02)
    task.cancel()
    await asyncio.wait_for(stopped.wait(), 5)


def test_an_async_body_without_a_loop(music: Any) -> None:
    async def compose(task: MediaTask) -> Any:
        await asyncio.sleep(0)
        return {"key": "D"}

    assert music.process({"body": compose}).wait(5).result["raw"] == {"key": "D"}


def test_a_built_in_one_can_be_extended(registry: MediaFactoryRegistry, plain_service: Any) -> None:
    class Careful(ImageWorkflow):
        def validate_parameters(self, parameters: Any) -> bool:
            return super().validate_parameters(parameters) and "war" not in parameters["prompt"]

    registry.register("image", Careful)
    workflow = registry.get_workflow("image", {"service_endpoint": plain_service.url})
    assert isinstance(workflow, Careful)
    assert workflow.process({"prompt": "peace"}).wait(5).status == "completed"
    with pytest.raises(ValidationError):
        workflow.process({"prompt": "war"})


class Unprepared(MediaFactory):
    def __init__(self) -> None:
        self.tempo = "andante"

    def process(self, parameters: Any) -> MediaTask:
        return self.run_task(parameters, fails)


class UnpreparedImages(ImageWorkflow):
    def __init__(self, config: Any = None) -> None:
        pass


@pytest.mark.parametrize("kind", [Unprepared, UnpreparedImages])
def test_a_constructor_has_to_call_the_inherited_one(
    registry: MediaFactoryRegistry, kind: Any
) -> None:
    workflow = kind()
    for call in (
        lambda: workflow.process({"prompt": "a lake"}),
        lambda: workflow.check({}),
        lambda: workflow.validate_parameters({}),
        lambda: workflow.batch_process([{"prompt": "a lake"}]),
        workflow.list_tasks,
        lambda: repr(workflow),
    ):
        with pytest.raises(ConfigError, match=rf"{kind.__name__}.__init__\(\) has to call super"):
            call()


def test_get_workflow_says_that_the_inherited_constructor_was_not_called(
    registry: MediaFactoryRegistry,
) -> None:
    registry.register("image", UnpreparedImages)
    with pytest.raises(ConfigError, match="has to call super"):
        registry.get_workflow("image")


def test_shortcuts_follow_the_rules_of_a_subclass(
    registry: MediaFactoryRegistry, plain_service: Any
) -> None:
    seen: list[dict[str, Any]] = []

    def refuse(self: Any, parameters: Any) -> list[str]:
        seen.append(dict(parameters))
        return ["not today"]

    config = {"service_endpoint": plain_service.url}
    video = type("Refusing", (VideoWorkflow,), {"validate_parameters": refuse})(config)
    voice = type("Refusing", (VoiceWorkflow,), {"validate_parameters": refuse})(config)
    for shortcut in (
        lambda: video.create_from_images([SOUND], {"prompt": "a lake"}),
        lambda: voice.text_to_speech("hello", "alloy"),
        lambda: voice.clone_voice(SOUND, "hello"),
    ):
        with pytest.raises(ValidationError, match="not today"):
            shortcut()
    assert video.list_tasks() == voice.list_tasks() == []
    assert seen == [
        {"prompt": "a lake", "mode": "image-sequence", "images": [SOUND]},
        {"text": "hello", "voice": "alloy", "language": "en"},
        {"text": "hello", "audio_input": SOUND, "model": "voice-clone"},
    ]


def test_only_workflow_classes_are_registered(registry: MediaFactoryRegistry) -> None:
    with pytest.raises(ConfigError):
        registry.register("music", dict)  # type: ignore[arg-type]
    with pytest.raises(ConfigError):
        registry.register("rock and roll", MusicWorkflow)
