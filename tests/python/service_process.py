"""The real service, as a process of its own.

The program is the one that ``MEDIA_FACTORY_SERVICE`` names, else what ``cargo build -p
media-factory-service`` has left in the repository.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
BUILT = [ROOT / "target" / profile / "media-factory-service" for profile in ("release", "debug")]
# Read before the tests clean the environment.
PROGRAM = os.environ.get("MEDIA_FACTORY_SERVICE") or next(filter(Path.exists, BUILT), None)


@dataclass
class ServiceProcess:
    """A running service: where each medium is."""

    urls: dict[str, str]
    headers: dict[str, str]

    def config(self, medium: str = "image", **more: Any) -> dict[str, Any]:
        """A configuration that leads to one medium."""
        return {"service_endpoint": self.urls[medium], **more}

    def environment(self) -> dict[str, str]:
        """What leads every workflow here that says nothing else."""
        return {f"MEDIA_FACTORY_{name.upper()}_ENDPOINT": url for name, url in self.urls.items()}

    def ask(self, path: str, medium: str = "image") -> Any:
        """What the service says under a path, asked without the SDK."""
        request = urllib.request.Request(self.urls[medium] + path, headers=self.headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)


@contextlib.contextmanager
def running(*arguments: str, token: str | None = None) -> Iterator[ServiceProcess]:
    """Starts the service on free ports; ends it with the block."""
    assert PROGRAM is not None, (
        "the service is not built: cargo build -p media-factory-service, or name the program in "
        "MEDIA_FACTORY_SERVICE"
    )
    command = [PROGRAM, "--port", "0", "--log-level", "error", *arguments]
    environment = {**os.environ, **({"MEDIA_FACTORY_SERVICE_TOKEN": token} if token else {})}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    try:
        media = 1 if "--only" in arguments else 3
        told = [json.loads(process.stdout.readline()) for _ in range(media)]
        urls = {line["listening"]: line["url"] for line in told}
        headers = {"authorization": f"Bearer {token}"} if token else {}
        yield ServiceProcess(urls, headers)
    finally:
        process.terminate()
        try:
            process.wait(10)
        finally:
            process.kill()
            process.stdout.close()
