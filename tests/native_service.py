"""The real service, as a process of its own on free ports of loopback.

The program is the one that ``MEDIA_FACTORY_SERVICE`` names, else what ``cargo build -p
media-factory-service`` has left in the repository.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

VARIABLE = "MEDIA_FACTORY_SERVICE"
TARGET = Path(__file__).parents[1] / "target"
BUILT = [TARGET / profile / "media-factory-service" for profile in ("release", "debug")]
# Read before tests clean the environment.
PROGRAM = os.environ.get(VARIABLE) or next(filter(Path.exists, BUILT), None)
READY = 30
"""Seconds until a service that was started must listen."""
ENDS = ("completed", "failed", "cancelled")


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The code of the error in the body."""
        return str(self.json["error"]["code"])


@dataclass
class NativeService:
    """A running service: where each medium is, and what it says when asked without the SDK."""

    process: subprocess.Popen[str]
    urls: dict[str, str]

    def config(self, medium: str = "image", **more: Any) -> dict[str, Any]:
        """A configuration that leads to one medium."""
        return {"service_endpoint": self.urls[medium], **more}

    def environment(self) -> dict[str, str]:
        """What leads every workflow here that says nothing else."""
        return {f"MEDIA_FACTORY_{name.upper()}_ENDPOINT": url for name, url in self.urls.items()}

    def address(self, medium: str = "image") -> tuple[str, int]:
        """Host and port."""
        parts = urlsplit(self.urls[medium])
        assert parts.hostname is not None
        assert parts.port is not None
        return parts.hostname, parts.port

    def ask(
        self,
        method: str,
        path: str,
        *,
        medium: str = "image",
        body: bytes | str | None = None,
        **headers: str,
    ) -> Answer:
        """One exchange on a connection of its own; `content_type` is `Content-Type`."""
        connection = http.client.HTTPConnection(*self.address(medium), timeout=30)
        with contextlib.closing(connection):
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body=body, headers=named)
            response = connection.getresponse()
            lower = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, lower, response.read())

    def submit(self, key: str, *, medium: str = "image", **parameters: Any) -> Answer:
        """Submits a job as version 1 does."""
        body = json.dumps(parameters or {"prompt": "a lake"})
        return self.ask(
            "POST",
            "/generate",
            medium=medium,
            body=body,
            content_type="application/json",
            prefer="respond-async",
            idempotency_key=key,
        )

    def connect(self, medium: str = "image") -> socket.socket:
        """A raw connection."""
        return socket.create_connection(self.address(medium), timeout=30)

    def raw(self, text: bytes, *, ends: bool = False, medium: str = "image") -> bytes:
        """Everything that comes back until the service closes the connection; with ``ends`` the
        client has no more to say behind ``text``."""
        with self.connect(medium) as connection:
            with contextlib.suppress(OSError):
                connection.sendall(text)
                if ends:
                    connection.shutdown(socket.SHUT_WR)
            answer = bytearray()
            with contextlib.suppress(ConnectionResetError):
                while part := connection.recv(1 << 16):
                    answer += part
            return bytes(answer)

    def status_of(self, task_id: str, medium: str = "image") -> str:
        """The status of the service's own task; ``unknown`` when there is none."""
        answer = self.ask("GET", f"/tasks/{task_id}", medium=medium)
        if answer.status == 404:
            return "unknown"
        assert answer.status == 200, answer.body
        return str(answer.json["status"])

    def end_of(self, task_id: str, medium: str = "image") -> str:
        """The status in which the service's own task ends; ``unknown`` when there is none."""
        patience = time.monotonic() + 10
        while time.monotonic() < patience:
            status = self.status_of(task_id, medium)
            if status == "unknown" or status in ENDS:
                return status
            time.sleep(0.02)
        raise AssertionError(f"the service goes on with {task_id}")

    def give(self, rules: list[Any]) -> None:
        """Puts these fault rules in force instead of all others."""
        body = json.dumps(rules)
        answer = self.ask("POST", "/admin/faults", body=body, content_type="application/json")
        assert answer.status == 200, answer.body

    def hits(self) -> list[int]:
        """How often each fault rule hit."""
        return [rule["hit"] for rule in self.ask("GET", "/admin/faults").json]

    def counters(self) -> dict[str, dict[str, int]]:
        """Submissions and generations by idempotency key; only with ``--faults``."""
        return cast("dict[str, dict[str, int]]", self.ask("GET", "/admin/counters").json)

    @property
    def memory(self) -> int:
        """Resident memory in bytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) * 1024

    def kill(self) -> None:
        """Ends it as a power cut would."""
        self.process.kill()
        self.process.wait()


@contextlib.contextmanager
def running(
    *arguments: str,
    port: int = 0,
    env: Mapping[str, str] | None = None,
    through: tuple[str, ...] = (),
) -> Iterator[NativeService]:
    """A service until the block ends, started by the command ``through``; its log is shown."""
    process = subprocess.Popen(
        [*through, program(), "--port", str(port), "--log-level", "error", *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env=_environment(env),
    )
    with process:
        try:
            yield NativeService(process, _listens(process, arguments.count("--only") or 3))
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def refused(*arguments: str, env: Mapping[str, str] | None = None) -> tuple[int, str]:
    """The exit code and the last words of a service that must not start."""
    done = subprocess.run(
        [program(), *arguments],
        capture_output=True,
        text=True,
        timeout=READY,
        check=False,
        env=_environment(env),
    )
    assert done.stdout == ""
    return done.returncode, done.stderr


def program() -> str:
    """Where the program is."""
    assert PROGRAM is not None, (
        "the service is not built: cargo build -p media-factory-service, or name the program in "
        f"{VARIABLE}"
    )
    return str(PROGRAM)


def _listens(process: subprocess.Popen[str], media: int) -> dict[str, str]:
    """Where each medium is, once all of them listen."""
    assert process.stdout is not None
    urls: dict[str, str] = {}
    patience = threading.Timer(READY, process.kill)
    patience.start()
    try:
        for line in process.stdout:
            told = json.loads(line)
            urls[told["listening"]] = told["url"]
            if len(urls) == media:
                break
    finally:
        patience.cancel()
    assert len(urls) == media, f"the service ended as it started, or took {READY} s"
    return urls


def _environment(more: Mapping[str, str] | None) -> dict[str, str]:
    """The environment without what would configure the service, and with ``more``."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(VARIABLE)}
    return {**clean, **(more or {})}
