"""The real service in a process of its own, on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, cast

PROGRAM = "MEDIA_FACTORY_SERVICE"
ENDS = ("completed", "failed", "cancelled")


class NativeService:
    """``media-factory-service --faults`` for these media; ends with its ``with`` block."""

    def __init__(self, *media: str, port: int = 0, data_dir: Path | None = None) -> None:
        program = os.environ.get(PROGRAM)
        if program is None:
            raise RuntimeError(f"{PROGRAM} must name the built media-factory-service program")
        command = [program, "--faults", "--port", str(port), "--log-level", "error"]
        for medium in media:
            command += ["--only", medium]
        if data_dir is not None:
            command += ["--data-dir", str(data_dir)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.endpoints: dict[str, str] = {}
        for _ in media:
            place = json.loads(self._line())
            self.endpoints[place["listening"]] = place["url"]

    def __enter__(self) -> NativeService:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    @property
    def image_port(self) -> int:
        return int(self.endpoints["image"].rsplit(":", 1)[1])

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the service ended with {self._process.wait()} as it started")
        return line

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def give(self, rules: list[Any]) -> None:
        """Put these fault rules in force instead of all others."""
        self._ask("POST", "image", "/admin/faults", rules)

    def hits(self) -> list[int]:
        """How often each rule hit."""
        return [rule["hit"] for rule in self._ask("GET", "image", "/admin/faults")]

    def counters(self) -> dict[str, dict[str, int]]:
        """Submissions and generations by idempotency key."""
        return cast("dict[str, dict[str, int]]", self._ask("GET", "image", "/admin/counters"))

    def end_of(self, medium: str, task_id: str) -> str:
        """The status in which the service's own task ends; ``unknown`` when there is none."""
        patience = time.monotonic() + 10
        while time.monotonic() < patience:
            try:
                status = self._ask("GET", medium, f"/tasks/{task_id}")["status"]
            except urllib.error.HTTPError as refusal:
                if refusal.code == 404:
                    return "unknown"
                raise
            if status in ENDS:
                return str(status)
            time.sleep(0.02)
        raise AssertionError(f"the service goes on with {task_id}")

    def _ask(self, method: str, medium: str, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"content-type": "application/json"}
        url = self.endpoints[medium] + path
        request = urllib.request.Request(url, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)
