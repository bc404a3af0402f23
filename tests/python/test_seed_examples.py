"""The usage examples that started the project, as they were written, and their twins."""

from __future__ import annotations

import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

IMAGE = """
# Get an image workflow instance
image_workflow = MediaFactoryRegistry.get_workflow(MediaType.IMAGE)

# Generate an image
task = image_workflow.process({
    "prompt": "A futuristic city with flying cars",
    "style": "realistic",
    "resolution": "1024x1024",
    "hdr": True,
    "model": "stable-diffusion"
})

# Check task status
print(f"Task ID: {task.task_id}")
print(f"Status: {task.status}")

# Batch processing
tasks = image_workflow.batch_process([
    {"prompt": "Sunset over mountains", "style": "realistic"},
    {"prompt": "Abstract geometric patterns", "style": "modern"}
])
"""

VIDEO = """
# Get a video workflow instance
video_workflow = MediaFactoryRegistry.get_workflow(MediaType.VIDEO)

# Generate a video
task = video_workflow.process({
    "prompt": "Flying through clouds at sunset",
    "duration": 10,
    "resolution": "8K",
    "fps": 60,
    "use_nerf": True
})

# Create video from images
task = video_workflow.create_from_images(
    image_sequence=["img1.png", "img2.png", "img3.png"],
    parameters={"fps": 30, "transitions": "fade"}
)
"""

VOICE = """
# Get a voice workflow instance
voice_workflow = MediaFactoryRegistry.get_workflow(MediaType.VOICE)

# Text-to-speech
task = voice_workflow.text_to_speech(
    text="Welcome to VoBee AI Assistant",
    voice="professional",
    language="en"
)

# Voice cloning (future feature)
task = voice_workflow.clone_voice(
    sample_audio="sample.wav",
    text="This is a cloned voice speaking"
)
"""

CONFIGURATION = """
config = {
    "service_endpoint": "http://custom-endpoint:5000",
    "default_model": "custom-model",
    "max_duration": 600,  # For video
    "timeout": 300
}

workflow = ImageWorkflow(config)
"""

FINISH = """
import media_factory

made = media_factory.wait_all(media_factory.MediaFactoryRegistry.list_tasks(), timeout=110)
for one in made:
    assert one.status == "completed", (one, one.error)
    one.outputs[0].save(f"out/{one.media_type}/")
print(len(made), "made")
"""

PACKAGES = ("factories.media", "media_factory")


@pytest.fixture
def example(
    run_script: Callable[..., Any], seed_files: Path
) -> Callable[[str, str], tuple[str, list[Path]]]:
    """Runs an example in a folder with the files that it names; gives output and files."""

    def run(package: str, code: str) -> tuple[str, list[Path]]:
        line = f"from {package} import MediaFactoryRegistry, MediaType\n"
        done = run_script(line + code + FINISH, MEDIA_FACTORY_PROTOCOL="sandbox")
        assert done.stderr == ""
        return done.stdout, sorted((seed_files / "out").rglob("output*"))

    return run


@pytest.mark.parametrize("package", PACKAGES)
def test_image_generation(example: Any, package: str) -> None:
    told, files = example(package, IMAGE)
    assert "Task ID: " in told
    assert ("Status: ProcessingStatus.P" if package == "factories.media" else "Status: p") in told
    assert [file.suffix for file in files] == [".png"] * 3


@pytest.mark.parametrize("package", PACKAGES)
def test_video_generation(example: Any, package: str) -> None:
    told, files = example(package, VIDEO)
    assert told == "2 made\n"
    assert [file.suffix for file in files] == [".mp4"] * 2


@pytest.mark.parametrize("package", PACKAGES)
def test_voice_processing(example: Any, package: str) -> None:
    told, files = example(package, VOICE)
    assert told == "2 made\n"
    assert len(files) == 2
    for file in files:
        with wave.open(str(file)) as sound:
            assert sound.getnframes() / sound.getframerate() > 0.5


@pytest.mark.parametrize("package", PACKAGES)
def test_configuration(run_script: Any, package: str) -> None:
    run_script(
        f"from {package} import ImageWorkflow\n{CONFIGURATION}"
        "assert workflow.validate_parameters({'prompt': 'x', 'model': 'custom-model'})\n"
    )
