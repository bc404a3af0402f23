"""``factories.media`` keeps what the reference package promises, and differs where docs say so."""

from __future__ import annotations

import asyncio
import copy
import dataclasses
import pickle
import sys
from collections.abc import Callable
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from server import Service

import factories.media
import media_factory
from factories.media import (
    ImageWorkflow,
    MediaFactory,
    MediaFactoryRegistry,
    MediaType,
    VideoWorkflow,
    VoiceWorkflow,
)
from factories.media.base import MediaTask, ProcessingStatus

PROMPT = {"prompt": "a lake"}


@pytest.fixture
def pictures(service: Service) -> ImageWorkflow:
    return ImageWorkflow(service.config())


def record(**more: Any) -> MediaTask:
    now = datetime.now()
    standard = {
        "task_id": "t-1",
        "media_type": MediaType.IMAGE,
        "status": ProcessingStatus.PENDING,
        "parameters": {"prompt": "x"},
        "created_at": now,
        "updated_at": now,
    }
    return MediaTask(**{**standard, **more})


class Painting(MediaFactory):
    """A workflow as one wrote it for the reference package."""

    def _setup(self) -> None:
        self.brush = self.config.get("brush", "broad")

    def validate_parameters(self, parameters: dict[str, Any]) -> bool:
        return "subject" in parameters

    def process(self, parameters: dict[str, Any]) -> MediaTask:
        if not self.validate_parameters(parameters):
            raise ValueError("Invalid parameters for painting")
        task = record(task_id=parameters.get("id", "painting-1"), parameters=parameters)
        self._tasks[task.task_id] = task
        return task

    def _get_supported_formats(self) -> list[str]:
        return ["canvas"]

    def _get_features(self) -> list[str]:
        return ["oil"]


def test_the_names() -> None:
    assert set(factories.media.__all__) == {
        "MediaFactory", "MediaType", "ImageWorkflow", "VideoWorkflow", "VoiceWorkflow",
    }  # fmt: skip
    assert factories.__version__ == "0.1.0"
    for module, name in (("image", "Image"), ("video", "Video"), ("voice", "Voice")):
        found = sys.modules[f"factories.media.{module}"]
        assert getattr(found, f"{name}Workflow") is getattr(factories.media, f"{name}Workflow")
    assert not issubclass(MediaType, str)
    assert [member.value for member in MediaType] == ["image", "video", "voice"]
    assert [status.name.lower() for status in ProcessingStatus] == [
        status.value for status in ProcessingStatus
    ]
    assert str(ProcessingStatus.PENDING) == "ProcessingStatus.PENDING"
    assert issubclass(ProcessingStatus, Enum)


def test_a_task_is_a_dataclass() -> None:
    assert [field.name for field in dataclasses.fields(MediaTask)] == [
        "task_id", "media_type", "status", "parameters", "created_at", "updated_at", "result",
        "error", "metadata",
    ]  # fmt: skip
    now = datetime(2025, 12, 16)
    task = MediaTask("a", MediaType.VOICE, ProcessingStatus.FAILED, {}, now, now)
    assert (task.result, task.error, task.metadata) == (None, None, None)
    assert task == MediaTask("a", MediaType.VOICE, ProcessingStatus.FAILED, {}, now, now)
    assert task != dataclasses.replace(task, error="why")
    task.error, task.result = "why", {"n": 1}
    assert dataclasses.asdict(task) == {
        "task_id": "a", "media_type": MediaType.VOICE, "status": ProcessingStatus.FAILED,
        "parameters": {}, "created_at": now, "updated_at": now, "result": {"n": 1},
        "error": "why", "metadata": None,
    }  # fmt: skip
    assert "status=<ProcessingStatus.FAILED: 'failed'>" in repr(task)
    assert pickle.loads(pickle.dumps(task)) == copy.deepcopy(task) == copy.copy(task) == task
    with pytest.raises(TypeError):
        hash(task)
    with pytest.raises(ValueError, match="no workflow holds"):
        task.wait()


@pytest.mark.parametrize(
    ("kind", "medium", "endpoint", "models", "formats", "features"),
    [
        (
            ImageWorkflow, "image", "http://image-generation-service:5000",
            ["stable-diffusion", "dall-e", "stylegan3", "dreambooth"],
            ["png", "jpg", "jpeg", "webp", "tiff"],
            ["text-to-image", "hdr-rendering", "pbr-rendering", "style-transfer",
             "multiple-models", "custom-resolution", "batch-processing"],
        ),
        (
            VideoWorkflow, "video", "http://video-generation-service:5001",
            ["runway-ml", "nerf", "gen-2"], ["mp4", "webm", "mov", "avi", "mkv"],
            ["text-to-video", "image-to-video", "nerf-rendering", "8k-resolution", "hdr10-plus",
             "variable-fps", "dynamic-camera", "style-transfer"],
        ),
        (
            VoiceWorkflow, "voice", "http://voice-generation-service:5009",
            ["tts-1", "tts-hd", "voice-clone", "speech-synthesis"],
            ["mp3", "wav", "ogg", "flac", "aac", "m4a"],
            ["text-to-speech", "voice-cloning", "multi-language", "emotion-control",
             "speed-control", "pitch-adjustment", "voice-effects", "background-music"],
        ),
    ],
)  # fmt: skip
def test_the_three_workflows(
    kind: Any, medium: str, endpoint: str, models: Any, formats: Any, features: Any
) -> None:
    workflow = kind()
    assert isinstance(workflow, MediaFactory)
    assert workflow.config == {}
    assert workflow.service_endpoint == endpoint
    assert (workflow.supported_models, workflow.default_model) == (models, models[0])
    assert workflow.get_capabilities() == {
        "media_type": kind.__name__, "supported_formats": formats, "features": features,
    }  # fmt: skip
    made = MediaFactoryRegistry.get_workflow(MediaType(medium), {"default_model": "custom"})
    assert type(made) is kind
    assert (made.default_model, made.config) == ("custom", {"default_model": "custom"})
    with pytest.raises(ValueError, match=rf"^Invalid parameters for {medium} processing: \w+"):
        workflow.process({})
    with pytest.raises(ValueError, match=rf"^Invalid parameters for {medium} processing"):
        workflow.process({"prompt": 5, "text": 5})


def test_what_only_one_of_them_has() -> None:
    assert (VideoWorkflow().max_duration, VideoWorkflow({"max_duration": 600}).max_duration) == (
        300,
        600,
    )
    assert VideoWorkflow({"max_duration": 600}).validate_parameters({**PROMPT, "duration": 500})
    assert not VideoWorkflow().validate_parameters({**PROMPT, "duration": 500})
    assert VoiceWorkflow().supported_languages == [
        "en",
        "es",
        "fr",
        "de",
        "it",
        "pt",
        "ru",
        "ja",
        "ko",
        "zh",
    ]


def test_the_configuration_of_the_readme() -> None:
    config = {
        "service_endpoint": "http://custom-endpoint:5000",
        "default_model": "custom-model",
        "max_duration": 600,
        "timeout": 300,
    }
    workflow = ImageWorkflow(config)
    assert workflow.config is config
    assert workflow.service_endpoint == "http://custom-endpoint:5000"


@pytest.mark.parametrize("wrong", ["image", "music", None, 3, media_factory.MediaType.IMAGE])
def test_only_members_are_media_types(wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"^Unsupported media type: "):
        MediaFactoryRegistry.get_workflow(wrong)


def test_the_registry_lists_and_takes_workflows(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MediaFactoryRegistry.list_available_workflows() == list(MediaType)
    monkeypatch.setitem(MediaFactoryRegistry._workflows, MediaType.IMAGE, Painting)
    assert isinstance(MediaFactoryRegistry.get_workflow(MediaType.IMAGE), Painting)


def test_a_task_really_runs(pictures: ImageWorkflow, service: Service) -> None:
    parameters = {**PROMPT, "hdr": True}
    task = pictures.process(parameters)
    assert isinstance(task, MediaTask)
    assert task.parameters is parameters
    assert task.media_type is MediaType.IMAGE
    assert task.created_at.tzinfo is None
    assert abs(datetime.now() - task.created_at).total_seconds() < 5
    assert task.metadata == {"model": "stable-diffusion", "endpoint": service.url}
    assert task.wait(10) is task
    assert task.status is ProcessingStatus.COMPLETED
    assert task.result is not None
    assert task.result["outputs"][0].read() == task.outputs[0].read() == service.output
    assert task.error is None
    assert task.updated_at >= task.created_at
    assert task.live == media_factory.MediaFactoryRegistry.get_task(task.task_id)
    assert dataclasses.asdict(task)["status"] is ProcessingStatus.COMPLETED
    again = pickle.loads(pickle.dumps(task))
    assert (again.task_id, again.status, again.live) == (task.task_id, task.status, None)
    assert again.outputs == []
    assert again.result["outputs"][0].read() == service.output


async def test_it_can_be_awaited(pictures: ImageWorkflow) -> None:
    task = pictures.process(PROMPT)
    assert await task is task
    # Records are not hashable, which gather() needs; what they record is.
    tasks = pictures.batch_process([PROMPT, PROMPT])
    await asyncio.gather(*(task.live for task in tasks if task.live is not None))
    assert [task.status for task in tasks] == [ProcessingStatus.COMPLETED] * 2


def test_it_is_found_listed_and_cancelled(pictures: ImageWorkflow, service: Service) -> None:
    service.hold = True
    task = pictures.process(PROMPT)
    assert pictures.get_task(task.task_id) is task
    assert pictures.get_task("none") is None
    assert pictures.list_tasks() == [task]
    service.wait_for("POST /generate")
    assert pictures.cancel_task(task.task_id)
    assert task.status is ProcessingStatus.CANCELLED
    assert not pictures.cancel_task(task.task_id)
    assert not pictures.cancel_task("none")
    assert pictures.list_tasks(ProcessingStatus.CANCELLED) == [task]
    assert pictures.list_tasks(ProcessingStatus.COMPLETED) == []
    assert (task.error, ImageWorkflow().list_tasks()) == (None, [])
    service.wait_for(f"DELETE /tasks/{task.task_id}")


def test_a_failure_is_text(pictures: ImageWorkflow, service: Service) -> None:
    service.failure = {"code": "service-failed", "message": "out of paint"}
    task = pictures.process(PROMPT)
    with pytest.raises(media_factory.TaskFailed):
        task.wait(10)
    assert task.status is ProcessingStatus.FAILED
    assert isinstance(task.error, str)
    assert "out of paint" in task.error


def test_a_batch_has_one_task_per_item(pictures: ImageWorkflow) -> None:
    items: list[Any] = [PROMPT, {"prompt": ""}, {"promt": "x"}, 3, PROMPT]
    tasks = pictures.batch_process(items)
    assert [task.parameters for task in tasks] == items
    assert pictures.list_tasks() == tasks
    failed = [task.status is ProcessingStatus.FAILED for task in tasks]
    assert failed == [False, True, True, True, False]
    assert str(tasks[1].error).startswith("Invalid parameters for image processing: prompt")


@pytest.mark.parametrize(
    "different",
    [
        {"prompt": "x", "promt": 1},
        {"prompt": "x", "style": 5},
        {"prompt": "x", "resolution": "huge"},
        {"prompt": " "},
    ],
)
def test_what_the_reference_took_and_is_refused_on_purpose(different: dict[str, Any]) -> None:
    assert not ImageWorkflow().validate_parameters(different)
    assert not VideoWorkflow().validate_parameters({**PROMPT, "duration": float("nan")})
    assert not VideoWorkflow().validate_parameters({**PROMPT, "duration": True})


def test_what_the_reference_refused_and_is_taken_on_purpose() -> None:
    assert ImageWorkflow().validate_parameters({"prompt": "x", "model": None})
    assert VoiceWorkflow().validate_parameters({"text": "x", "language": "en-US"})


def test_unknown_configuration_is_refused() -> None:
    with pytest.raises(ValueError, match="service_endpoint"):
        ImageWorkflow({"service_endpont": "http://x"})


def test_ids_are_those_of_the_service(pictures: ImageWorkflow, service: Service) -> None:
    task = pictures.process(PROMPT).wait(10)
    assert service.submissions()[0].headers["idempotency-key"] == task.task_id
    assert task.task_id[14] == "7"


def test_films_and_speech(start: Callable[..., Service], tmp_path: Path) -> None:
    service = start()
    image = tmp_path / "img1.png"
    image.write_bytes(service.output)
    video = VideoWorkflow(service.config())
    task = video.create_from_images(image_sequence=[str(image)], parameters={"fps": 30})
    assert task.parameters == {
        "fps": 30, "mode": "image-sequence", "images": [str(image)],
        "prompt": "Video from image sequence",
    }  # fmt: skip
    assert task.metadata == {
        "model": "runway-ml", "endpoint": service.url, "duration": 5, "fps": 30,
    }  # fmt: skip
    own = video.create_from_images([str(image)], {"prompt": "own"})
    assert own.parameters["prompt"] == "own"
    own.wait(10)
    voice = VoiceWorkflow(service.config())
    task = voice.text_to_speech("hello")
    assert task.parameters == {
        "text": "hello", "voice": "default", "language": "en", "model": "tts-1",
    }  # fmt: skip
    assert task.metadata == {
        "model": "tts-1", "endpoint": service.url, "language": "en", "voice": "default",
    }  # fmt: skip
    sample = tmp_path / "sample.wav"
    sample.write_bytes(b"RIFF\x24\0\0\0WAVEfmt ")
    task = voice.clone_voice(str(sample), "hello").wait(10)
    assert task.parameters == {
        "text": "hello", "audio_input": str(sample), "model": "voice-clone",
    }  # fmt: skip


def test_attributes_that_are_assigned_count(pictures: ImageWorkflow, start: Any) -> None:
    elsewhere = start()
    assert not pictures.validate_parameters({**PROMPT, "model": "mine"})
    pictures.supported_models.append("mine")
    assert pictures.validate_parameters({**PROMPT, "model": "mine"})
    first = pictures.process(PROMPT)
    pictures.service_endpoint = elsewhere.url
    second = pictures.process(PROMPT)
    first.wait(10)
    second.wait(10)
    assert len(elsewhere.submissions()) == 1
    assert pictures.list_tasks() == [first, second]
    video = VideoWorkflow()
    video.max_duration = 1000
    assert video.validate_parameters({**PROMPT, "duration": 900})


def test_a_subclass_of_a_built_in_one(service: Service) -> None:
    class Careful(ImageWorkflow):
        def validate_parameters(self, parameters: dict[str, Any]) -> bool:
            return super().validate_parameters(parameters) and "war" not in parameters["prompt"]

    workflow = Careful(service.config())
    assert workflow.get_capabilities()["media_type"] == "Careful"
    with pytest.raises(ValueError, match=r"^Invalid parameters for image processing"):
        workflow.process({"prompt": "war"})
    assert workflow.process(PROMPT).wait(10).status is ProcessingStatus.COMPLETED


def test_the_base_class_is_abstract() -> None:
    with pytest.raises(TypeError, match="abstract"):
        MediaFactory()  # type: ignore[abstract]
    assert MediaFactory.__abstractmethods__ == {
        "process", "validate_parameters", "_setup", "_get_supported_formats", "_get_features",
    }  # fmt: skip


def test_a_workflow_of_ones_own_runs_unchanged() -> None:
    workflow = Painting({"brush": "fine", "anything": object})
    assert workflow.brush == "fine"
    assert workflow.get_capabilities() == {
        "media_type": "Painting", "supported_formats": ["canvas"], "features": ["oil"],
    }  # fmt: skip
    with pytest.raises(ValueError, match=r"^Invalid parameters for painting$"):
        workflow.process({})
    parameters = {"subject": "lake", "id": "adopted", "canvas": object()}
    task = workflow.process(parameters)
    assert workflow.get_task("adopted") is task
    assert task.parameters is parameters
    stored = media_factory.MediaFactoryRegistry.get_task("adopted")
    assert stored is not None
    assert stored == task.live
    assert (stored.status, stored.media_type) == ("pending", "image")
    moment = datetime(2025, 12, 16)
    task.status, task.updated_at = ProcessingStatus.PROCESSING, moment
    assert stored.status == "processing"
    task.result = {"url": "a.png"}
    task.status = ProcessingStatus.COMPLETED
    assert stored.wait(1).result == {"outputs": [], "raw": {"url": "a.png"}}
    assert (task.result, task.updated_at) == ({"url": "a.png"}, moment)
    for illegal in (ProcessingStatus.PENDING, ProcessingStatus.CANCELLED):
        with pytest.raises(ValueError, match="stays so"):
            task.status = illegal
    for illegal in (ProcessingStatus.PROCESSING, ProcessingStatus.FAILED):
        with pytest.raises(ValueError, match="completed"):
            task.status = illegal
    assert task.status is ProcessingStatus.COMPLETED


def test_a_task_of_ones_own_follows_the_store() -> None:
    workflow = Painting()
    task = workflow.process({"subject": "lake", "id": "followed"})
    stored = media_factory.MediaFactoryRegistry.get_task("followed")
    assert stored is not None
    assert stored.cancel()
    assert task.status is ProcessingStatus.CANCELLED
    assert task.error is None
    failing = workflow.process({"subject": "lake", "id": "failing"})
    failing.error = "no paint"
    failing.status = ProcessingStatus.FAILED
    assert "no paint" in str(failing.live and failing.live.error)
    assert workflow.list_tasks(ProcessingStatus.FAILED) == [failing]
    mixed = workflow.process({"subject": "lake", "id": "mixed"})
    mixed.status = media_factory.ProcessingStatus.COMPLETED  # type: ignore[assignment]
    assert mixed.live is not None
    assert mixed.live.status == "completed"
    with pytest.raises(ValueError, match="done"):
        mixed.status = "done"  # type: ignore[assignment]
    other = workflow.process({"subject": "lake", "id": "cancelled"})
    assert workflow.cancel_task("cancelled")
    assert other.status is ProcessingStatus.CANCELLED


def test_a_task_that_has_ended_can_be_put_in() -> None:
    workflow = Painting()
    task = record(task_id="ended", status=ProcessingStatus.COMPLETED, result={"object": object()})
    workflow._tasks["ended"] = task
    assert task.live is not None
    assert task.live.status == "completed"
    assert "object" in task.live.result["raw"]["result"]  # type: ignore[index]


def test_old_tasks_are_let_go() -> None:
    registry = media_factory.MediaFactoryRegistry
    registry.configure({"history_limit": 100})
    try:
        workflow = Painting()
        for number in range(3000):
            task = workflow.process({"subject": "lake", "id": f"old-{number}"})
            task.status = ProcessingStatus.COMPLETED
        assert len(workflow.list_tasks()) <= 2048
        assert workflow.get_task("old-2999") is task
        assert workflow.get_task("old-0") is None
    finally:
        registry.configure({"history_limit": 10_000})
        registry.configure({})


def test_a_factories_folder_of_ones_own_joins_in(run_script: Any, tmp_path: Path) -> None:
    own = tmp_path / "mine" / "factories" / "research"
    own.mkdir(parents=True)
    (own / "__init__.py").write_text("TOPIC = 'lakes'\n")
    run_script(
        "import sys; sys.path.insert(0, 'mine')\n"
        "import factories.media\n"
        "from factories.research import TOPIC\n"
        "assert TOPIC == 'lakes'\n"
        "from factories.media import ImageWorkflow\n"
    )
    (own.parent / "__init__.py").write_text(
        "from pkgutil import extend_path\n__path__ = extend_path(__path__, __name__)\n"
    )
    run_script(
        "import sys; sys.path.insert(0, 'mine')\n"
        "from factories.research import TOPIC\n"
        "from factories.media import ImageWorkflow\n"
    )
