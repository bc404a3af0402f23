"""The golden jobs: the same bytes as in Rust, Node and a page, through the public API."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from media_factory import MediaFactoryRegistry

FOLDER = Path(__file__).resolve().parents[1] / "golden"
JOBS: list[dict[str, Any]] = json.loads((FOLDER / "jobs.json").read_text("utf-8"))


def media(files: str | list[str]) -> Path | list[Path]:
    """One input, or a list of them, as the paths of the files beside the jobs."""
    if isinstance(files, str):
        return FOLDER / "inputs" / files
    return [FOLDER / "inputs" / name for name in files]


@pytest.mark.parametrize("job", JOBS, ids=[job["name"] for job in JOBS])
def test_golden_job(sandbox: MediaFactoryRegistry, job: dict[str, Any]) -> None:
    inputs = {name: media(files) for name, files in job.get("inputs", {}).items()}
    task = sandbox.get_workflow(job["medium"]).process({**job["parameters"], **inputs})
    found = [hashlib.sha256(output.read()).hexdigest() for output in task.wait(120).outputs]
    assert found == job["sha256"]
