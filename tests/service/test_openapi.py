"""The service does what its description says, and describes itself in valid OpenAPI."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from native_service import running
from openapi_spec_validator import OpenAPIV31SpecValidator

HERE = Path(__file__).parent
MEDIA = ["image", "video", "voice"]
TOKEN = "a token that nobody guesses".replace(" ", "-")


def schemathesis(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs every phase with every check, as schemathesis.toml says."""
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", "schemathesis.toml"]
    env = {**os.environ, "SCHEMATHESIS_HOOKS": "media_generation", "PYTHONPATH": str(HERE)}
    return subprocess.run(
        [*command, "run", f"{url}/openapi.json", "--no-color", *arguments],
        cwd=HERE,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("medium", MEDIA)
def test_the_description_is_valid(medium: str) -> None:
    with running("--only", medium, "--blank") as service:
        answer = service.ask("GET", "/openapi.json", medium=medium)
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    OpenAPIV31SpecValidator(answer.json).validate()


@pytest.mark.parametrize("medium", MEDIA)
def test_the_service_does_what_its_description_says(medium: str) -> None:
    with running("--only", medium, "--blank") as service:
        done = schemathesis(service.urls[medium])
        assert done.returncode == 0, done.stdout + done.stderr
        assert service.ask("GET", "/health", medium=medium).status == 200


def test_the_largest_seed_arrives_as_it_was_written() -> None:
    largest = 2**53 - 1
    with running("--only", "image") as service:
        assert (
            service.submit("a", prompt="a lake", resolution="16x16", seed=float(largest)).status
            == 202
        )
        assert b'"completed"' in service.ask("GET", "/tasks/a/events").body
        assert service.ask("GET", "/tasks/a").json["result"]["outputs"][0]["seed"] == largest


def test_what_needs_a_token_is_refused_without_one() -> None:
    # Headers on the command line stand in for those of the file.
    headers = ["--header", f"Authorization: Bearer {TOKEN}", "--header", "Prefer: respond-async"]
    with running(
        "--only", "image", "--blank", env={"MEDIA_FACTORY_SERVICE_TOKEN": TOKEN}
    ) as service:
        assert service.ask("GET", "/openapi.json").status == 401
        done = schemathesis(service.urls["image"], *headers, "--phases", "examples,coverage")
        assert done.returncode == 0, done.stdout + done.stderr
