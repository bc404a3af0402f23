"""The wheel works in an empty environment, far from this repository."""

import os
import subprocess
import venv
import zipfile
from pathlib import Path

import pytest

WHEEL = Path(os.environ["MEDIA_FACTORY_WHEEL"])

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


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with the wheel and nothing else."""
    home = tmp_path_factory.mktemp("empty") / "venv"
    venv.create(home, with_pip=True)
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    install = [python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", str(WHEEL)]
    subprocess.run(install, check=True)
    return python


def test_it_installs_and_makes_media(python: Path, tmp_path: Path) -> None:
    env = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run(
        [python, "-I", "-W", "error", "-c", JOB],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_one_wheel_serves_every_python_from_3_10() -> None:
    assert "-cp310-abi3-" in WHEEL.name


def test_it_carries_types_and_licences() -> None:
    names = zipfile.ZipFile(WHEEL).namelist()
    needed = {"media_factory/py.typed", "media_factory/_core.pyi", "factories/media/__init__.py"}
    assert needed <= set(names)
    licences = {Path(name).name for name in names if ".dist-info/licenses/" in name}
    assert licences == {"LICENSE-MIT", "LICENSE-APACHE", "THIRD-PARTY-NOTICES.md"}


def test_its_notices_name_what_is_inside() -> None:
    wheel = zipfile.ZipFile(WHEEL)
    (name,) = (name for name in wheel.namelist() if name.endswith("/THIRD-PARTY-NOTICES.md"))
    notices = wheel.read(name).decode()
    for kept in ("| flite-rs |", "| ring |", "Carnegie Mellon", "Independent JPEG Group"):
        assert kept in notices, kept


def test_nothing_of_the_build_machine_is_inside() -> None:
    folders = [str(Path(__file__).resolve().parents[2]), str(Path.home() / ".cargo")]
    with zipfile.ZipFile(WHEEL) as wheel:
        for name in wheel.namelist():
            content = wheel.read(name)
            found = [folder for folder in folders if folder.encode() in content]
            assert not found, f"{name} names {found}"
