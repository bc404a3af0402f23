"""The service's own program, started on free ports for as long as a test needs it."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import resource
import socket
import subprocess
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

VARIABLE = "MEDIA_FACTORY_SERVICE"
READY = 30
"""Seconds until a service that was started must listen."""


def program() -> str:
    """Where the program is."""
    path = os.environ.get(VARIABLE)
    if not path:
        message = (
            f"set {VARIABLE} to the path of media-factory-service; "
            "`cargo build -p media-factory-service` builds it"
        )
        raise RuntimeError(message)
    if not os.access(path, os.X_OK):
        message = f"{VARIABLE} is {path}, which is no program"
        raise RuntimeError(message)
    return path


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
    """A running service."""

    process: subprocess.Popen[str]
    urls: dict[str, str]
    log: list[str] = field(default_factory=list)

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

    @property
    def memory(self) -> int:
        """Resident memory in bytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) * 1024


@contextlib.contextmanager
def running(
    *arguments: str, env: Mapping[str, str] | None = None, through: tuple[str, ...] = ()
) -> Iterator[NativeService]:
    """A service on free ports of loopback until the block ends, started by ``through``."""
    media = 3 - 2 * arguments.count("--only")
    process = subprocess.Popen(
        [*through, program(), "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**_clean_environment(), **(env or {})},
    )
    with process:
        assert process.stdout is not None
        assert process.stderr is not None
        service = NativeService(process, {})
        reader = threading.Thread(target=_collect, args=(process.stderr, service.log), daemon=True)
        reader.start()
        try:
            timer = threading.Timer(READY, process.kill)
            timer.start()
            for line in process.stdout:
                told = json.loads(line)
                service.urls[told["listening"]] = told["url"]
                if len(service.urls) == media:
                    break
            timer.cancel()
            assert len(service.urls) == media, "".join(service.log)
            yield service
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
            reader.join(5)


def refused(*arguments: str, env: Mapping[str, str] | None = None) -> tuple[int, str]:
    """The exit code and the last words of a service that must not start."""
    done = subprocess.run(
        [program(), *arguments],
        capture_output=True,
        text=True,
        timeout=READY,
        check=False,
        env={**_clean_environment(), **(env or {})},
    )
    assert done.stdout == ""
    return done.returncode, done.stderr


def raise_file_limit() -> int:
    """Lets this process open as many files as the system allows, and says how many."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most


def _clean_environment() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not key.startswith(VARIABLE)}


def _collect(stream: IO[str], lines: list[str]) -> None:
    lines.extend(stream)
