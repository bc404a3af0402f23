"""A service on loopback, on a thread of its own, that answers as a test says.

``Service`` speaks version 1 of the native protocol (202, events, polling, cancel, uploads) and,
with ``version=0``, the synchronous one. It notes everything that it is asked.
"""

from __future__ import annotations

import contextlib
import io
import json
import math
import struct
import threading
import time
import wave
import zlib
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


def png(width: int = 4, height: int = 3, pixels: bytes | None = None) -> bytes:
    """A picture of these pixels, three bytes each; a red one without them."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    if pixels is None:
        pixels = b"\xff\0\0" * width * height
    length = 3 * width
    starts = range(0, height * length, length)
    rows = b"".join(b"\0" + pixels[at : at + length] for at in starts)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


PICTURE = png()


def sample(pitch: int = 120, rate: int = 16_000) -> bytes:
    """A second of something like a sung vowel: a tone in hertz with overtones, as WAV."""
    turns = [2 * math.pi * pitch * place / rate for place in range(rate)]
    levels = (sum(math.sin(turn * tone) / tone for tone in range(1, 12)) for turn in turns)
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(array("h", [int(9_000 * level) for level in levels]).tobytes())
    return file.getvalue()


@dataclass
class Request:
    """What arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class Exchange(BaseHTTPRequestHandler):
    """One connection; hands each request to the service's answer."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def _serve(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.service.before_body(self)
        request = Request(self.command, self.path, headers, self.rfile.read(length))
        service = self.server.service
        with service.lock:
            service.requests.append(request)
        service.arrived.set()
        service.answer(request, self)

    do_GET = do_POST = do_DELETE = _serve  # noqa: N815 (the names that http.server calls)

    def reply(
        self, status: int, body: bytes, kind: str = "application/json", **headers: str
    ) -> None:
        """Answer with everything at once."""
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def json(self, status: int, body: Any, **headers: str) -> None:
        """Answer with JSON."""
        self.reply(status, json.dumps(body).encode(), **headers)

    def cut(self, status: int, promised: int, body: bytes, kind: str) -> None:
        """Promise more than is sent, then hang up."""
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(promised))
        self.end_headers()
        self.wfile.write(body)
        self.hang_up()

    def hang_up(self) -> None:
        """Close the connection without another word."""
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(2)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    service: Service

    def handle_error(self, *_: object) -> None:
        """Clients may hang up."""


@dataclass
class Job:
    """A task on the service."""

    task_id: str
    body: dict[str, Any]
    status: str = "pending"
    progress: float = 0.0
    result: dict[str, Any] | None = None
    error: dict[str, Any] | None = None
    changed: threading.Condition = field(default_factory=threading.Condition)
    seq: int = 0

    def move(self, status: str, progress: float | None = None, **more: Any) -> None:
        """Change and tell whoever listens."""
        with self.changed:
            if self.status in {"completed", "failed", "cancelled"}:
                return
            self.status = status
            self.progress = self.progress if progress is None else progress
            for name, value in more.items():
                setattr(self, name, value)
            self.seq += 1
            self.changed.notify_all()

    def told(self) -> dict[str, Any]:
        """As the protocol writes it."""
        shown = {"task_id": self.task_id, "status": self.status, "progress": self.progress}
        if self.result is not None:
            shown["result"] = self.result
        if self.error is not None:
            shown["error"] = self.error
        return shown


@dataclass
class Service:
    """See the module. Replace ``answer`` to answer otherwise."""

    version: int = 1
    events: bool = True
    """Whether jobs can be followed by server-sent events."""
    latency: float = 0.0
    """Seconds before a submission is answered."""
    steps: int = 2
    """Progress reports of a job."""
    step: float = 0.01
    """Seconds between them."""
    hold: bool = False
    """Whether jobs stay PROCESSING until they are cancelled or ``release`` is set."""
    output: bytes = PICTURE
    output_type: str = "image/png"
    failure: dict[str, Any] | None = None
    """The error with which jobs end, instead of a result."""

    requests: list[Request] = field(default_factory=list)
    jobs: dict[str, Job] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    arrived: threading.Event = field(default_factory=threading.Event)
    release: threading.Event = field(default_factory=threading.Event)
    url: str = ""
    answer: Callable[[Request, Exchange], None] = field(init=False)
    before_body: Callable[[Exchange], object] = lambda exchange: None
    """Called when the head of a request has come."""

    def __post_init__(self) -> None:
        """Answer as the protocol says."""
        self.answer = self.standard

    @contextlib.contextmanager
    def running(self) -> Iterator[Service]:
        """Serve until the block ends."""
        server = _Server(("127.0.0.1", 0), Exchange)
        server.service = self
        self.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.release.set()
            server.shutdown()
            server.server_close()
            thread.join()

    def config(self, **more: Any) -> dict[str, Any]:
        """A configuration that leads here."""
        return {"service_endpoint": self.url, **more}

    def asked(self, method: str | None = None) -> list[str]:
        """``"POST /generate"`` and so on, in order."""
        with self.lock:
            seen = list(self.requests)
        return [f"{r.method} {r.path}" for r in seen if method in (None, r.method)]

    def submissions(self) -> list[Request]:
        """The submissions, in order."""
        with self.lock:
            return [r for r in self.requests if r.path == "/generate"]

    def wait_for(self, asked: str, timeout: float = 10) -> None:
        """Block until a request such as ``"DELETE /tasks/"`` has come."""
        end = time.monotonic() + timeout
        while not any(line.startswith(asked) for line in self.asked()):
            assert time.monotonic() < end, f"no {asked} in {self.asked()}"
            time.sleep(0.005)

    def standard(self, request: Request, exchange: Exchange) -> None:
        """Answer as the protocol says."""
        path = request.path.partition("?")[0]
        if path == "/health":
            health: dict[str, Any] = {"status": "healthy", "service": "test", "device": "cpu"}
            if self.version == 1:
                health["protocol"] = "media-factory/1"
                health["capabilities"] = {
                    "async": True, "events": self.events, "cancel": True, "batch": False,
                    "uploads": True, "parameters": ["prompt", "style", "resolution", "model", "hdr",
                    "pbr", "seed", "count", "format", "image", "strength", "negative_prompt",
                    "duration", "fps", "use_nerf", "images", "transitions", "mode", "text",
                    "audio_input", "voice", "language", "speed", "pitch", "emotion"],
                }  # fmt: skip
            exchange.json(200, health)
        elif path == "/models":
            exchange.json(200, {"models": [{"name": "stable-diffusion"}, {"name": "own-model"}]})
        elif path in {"/styles", "/resolutions", "/voices"}:
            exchange.json(200, {path[1:]: ["one", "two"]})
        elif path.startswith("/outputs/"):
            exchange.reply(200, self.output, self.output_type)
        elif path == "/uploads" and request.method == "POST":
            exchange.json(201, {"url": f"/uploads/{zlib.crc32(request.body)}"})
        elif path == "/generate":
            time.sleep(self.latency)
            self._submitted(request, exchange)
        elif path.startswith("/tasks/") and self.version == 1:
            self._task(request, exchange, path.split("/"))
        else:
            exchange.json(404, {"error": "no such path"})

    def _submitted(self, request: Request, exchange: Exchange) -> None:
        if self.version == 0:
            exchange.json(200, self.finished("img_1.5"))
            return
        task_id = request.headers["idempotency-key"]
        with self.lock:
            known = self.jobs.get(task_id)
            job = self.jobs.setdefault(task_id, Job(task_id, request.json))
        if known is None:
            threading.Thread(target=self._work, args=(job,), daemon=True).start()
        exchange.json(202, job.told(), Location=f"/tasks/{task_id}")

    def finished(self, remote_id: str) -> dict[str, Any]:
        """The body of a finished task."""
        return {
            "status": "success",
            "image_id": remote_id,
            "url": f"/outputs/{remote_id}.png",
            "metadata": {"seed": 42},
        }

    def _work(self, job: Job) -> None:
        for number in range(self.steps):
            time.sleep(self.step)
            job.move("processing", (number + 1) / (self.steps + 1))
        if self.hold:
            job.move("processing")
            self.release.wait(60)
        if self.failure is not None:
            job.move("failed", error=self.failure)
        else:
            job.move("completed", 1.0, result=self.finished(job.task_id))

    def _task(self, request: Request, exchange: Exchange, parts: list[str]) -> None:
        job = self.jobs.get(parts[2])
        if request.method == "DELETE":
            if job is None:
                exchange.json(404, {"error": "unknown task"})
                return
            job.move("cancelled")
            exchange.json(200, job.told())
        elif job is None:
            exchange.json(404, {"error": "unknown task"})
        elif len(parts) == 4 and not self.events:
            exchange.json(404, {"error": "no events here"})
        elif len(parts) == 4:
            self._stream(job, exchange)
        else:
            exchange.json(200, job.told())

    def _stream(self, job: Job, exchange: Exchange) -> None:
        exchange.send_response(200)
        exchange.send_header("content-type", "text/event-stream")
        exchange.send_header("connection", "close")
        exchange.end_headers()
        exchange.close_connection = True
        sent = -1
        while True:
            with job.changed:
                while sent == job.seq:
                    job.changed.wait(1)
                    if self.release.is_set() and sent == job.seq:
                        return
                sent, told = job.seq, job.told()
            event = f"id: {sent}\nevent: update\ndata: {json.dumps(told)}\n\n"
            exchange.wfile.write(event.encode())
            exchange.wfile.flush()
            if told["status"] in {"completed", "failed", "cancelled"}:
                return
