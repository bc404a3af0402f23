"""The wheels work in an empty environment, far from this repository."""

import os
import subprocess
import venv
import zipfile
from pathlib import Path

import pytest

WHEEL = Path(os.environ["MEDIA_FACTORY_WHEEL"])
VOICE_WHEEL = Path(os.environ["MEDIA_FACTORY_VOICE_WHEEL"])

both = pytest.mark.parametrize("wheel", [WHEEL, VOICE_WHEEL], ids=["media-factory", "neural-voice"])

JOB = """
import sys
from media_factory import MediaFactoryRegistry, MediaType

MediaFactoryRegistry.configure({"protocol": "sandbox"})
task = MediaFactoryRegistry.get_workflow(MediaType.IMAGE).process(
    {"prompt": "A lake in the mountains", "resolution": "64x64"}
)
path = task.wait(timeout=60).outputs[0].save("lake")
assert path.suffix == ".png" and path.read_bytes().startswith(b"\\x89PNG"), path

speech = MediaFactoryRegistry.get_workflow("voice").text_to_speech(text="It works")
assert speech.wait(timeout=60).outputs[0].read().startswith(b"RIFF")

from factories.media import ImageWorkflow
assert ImageWorkflow().default_model == "stable-diffusion"

outside = {name.partition(".")[0] for name in sys.modules} - set(sys.stdlib_module_names)
outside -= {"media_factory", "factories", "__main__"}
assert not {name for name in outside if not name.startswith("_")}, outside
"""

NEURAL = """
from media_factory import MediaFactoryRegistry, TaskFailed

voice = MediaFactoryRegistry({"protocol": "sandbox"}).get_workflow("voice")
try:
    done = voice.text_to_speech("It works", voice="neural").wait(timeout=60)
    print(len(done.outputs[0].read()))
except TaskFailed as failure:
    print(failure.code, failure)
"""


def environment(home: Path, *wishes: str) -> Path:
    """The interpreter of a new environment with what pip finds beside the wheels."""
    venv.create(home, with_pip=True)
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    install = [python, "-m", "pip", "install", "--quiet", "--no-index", "--find-links"]
    subprocess.run([*install, WHEEL.parent, *wishes], check=True)
    return python


def run(python: Path, code: str, folder: Path) -> str:
    env = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run(
        [python, "-I", "-W", "error", "-c", code],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def installed(python: Path) -> set[str]:
    listing = [python, "-m", "pip", "list", "--format=freeze", "--disable-pip-version-check"]
    lines = subprocess.run(listing, capture_output=True, text=True, check=True).stdout.split()
    return {line.partition("==")[0] for line in lines} - {"pip", "setuptools"}


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment without extras."""
    return environment(tmp_path_factory.mktemp("empty") / "venv", "media-factory")


def test_it_installs_and_makes_media(python: Path, tmp_path: Path) -> None:
    assert installed(python) == {"media-factory"}
    run(python, JOB, tmp_path)


def test_without_the_extra_the_neural_voice_says_what_to_install(
    python: Path, tmp_path: Path
) -> None:
    said = run(python, NEURAL, tmp_path)
    assert said.startswith("unsupported ")
    assert 'pip install "media-factory[neural-voice]"' in said


def test_the_extra_brings_the_neural_voice_and_nothing_else(tmp_path: Path) -> None:
    python = environment(tmp_path / "venv", "media-factory[neural-voice]")
    assert installed(python) == {"media-factory", "media-factory-neural-voice"}
    assert int(run(python, NEURAL, tmp_path)) > 10_000


@both
def test_one_wheel_serves_every_python_from_3_10(wheel: Path) -> None:
    assert "-cp310-abi3-" in wheel.name


def test_the_wheel_is_small() -> None:
    assert WHEEL.stat().st_size < 10_000_000


@pytest.mark.parametrize(
    ("wheel", "needed"),
    [
        (WHEEL, {"media_factory/_core.pyi", "factories/media/__init__.py"}),
        (VOICE_WHEEL, {f"media_factory_neural_voice/{n}" for n in ("_network.pyi", "hibari.onnx")}),
    ],
    ids=["media-factory", "neural-voice"],
)
def test_it_carries_types_and_licences(wheel: Path, needed: set[str]) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert needed <= set(names)
    assert any(name.endswith("/py.typed") for name in names)
    licences = {Path(name).name for name in names if ".dist-info/licenses/" in name}
    assert licences == {"LICENSE-MIT", "LICENSE-APACHE", "THIRD-PARTY-NOTICES.md"}


@pytest.mark.parametrize(
    ("wheel", "inside"),
    [
        (WHEEL, ["| flite-rs |", "| ring |", "Carnegie Mellon", "Independent JPEG Group"]),
        (VOICE_WHEEL, ["| rten |", "Maureese Williams", "Kokoro-82M"]),
    ],
    ids=["media-factory", "neural-voice"],
)
def test_its_notices_name_what_is_inside(wheel: Path, inside: list[str]) -> None:
    archive = zipfile.ZipFile(wheel)
    (name,) = (name for name in archive.namelist() if name.endswith("/THIRD-PARTY-NOTICES.md"))
    notices = archive.read(name).decode()
    for kept in inside:
        assert kept in notices, kept


@both
def test_nothing_of_the_build_machine_is_inside(wheel: Path) -> None:
    folders = [str(Path(__file__).resolve().parents[2]), str(Path.home() / ".cargo")]
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            found = [folder for folder in folders if folder.encode() in content]
            assert not found, f"{name} names {found}"
