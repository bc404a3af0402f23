"""Whatever a client sends, the service answers clearly, stays up and serves the others."""

from __future__ import annotations

import contextlib
import json
import resource
import socket
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from native_service import NativeService, refused, running

MAX_BODY = 64 << 10
JSON = {"content_type": "application/json", "prefer": "respond-async"}
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(64)
# Renders for minutes: a queue behind it stands still.
LONG = {"prompt": "waves", "resolution": "1080p", "duration": 300, "fps": 60}


@pytest.fixture(scope="module")
def service() -> Iterator[NativeService]:
    """One service for everything that it must survive."""
    with running("--only", "image", "--blank", "--max-body", str(MAX_BODY)) as service:
        yield service


@pytest.fixture(autouse=True)
def _all_else_goes_on(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "service" in request.fixturenames:
        works(request.getfixturevalue("service"))


def works(service: NativeService, medium: str = "image") -> None:
    """A job goes through, in a time in which nobody loses patience."""
    began = time.monotonic()
    assert service.process.poll() is None
    assert service.ask("GET", "/health", medium=medium).status == 200
    key = str(uuid.uuid4())
    assert service.submit(key, medium=medium).status == 202
    events = service.ask("GET", f"/tasks/{key}/events", medium=medium)
    assert b'"status":"completed"' in events.body
    assert time.monotonic() - began < 10


def status_of(answer: bytes) -> int:
    """The status of the first response in these bytes."""
    assert answer.startswith(b"HTTP/1.1 "), answer[:80]
    return int(answer[9:12])


def statuses_of(answer: bytes) -> list[int]:
    """The statuses of all responses in these bytes."""
    return [int(part[:3]) for part in answer.split(b"HTTP/1.1 ")[1:]]


# --- Bodies ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/generate", "/generate/batch", "/events", "/uploads"])
def test_a_body_that_is_announced_too_long_is_refused_before_it_comes(
    service: NativeService, path: str
) -> None:
    with service.connect() as client:
        head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        head += "Prefer: respond-async\r\nContent-Length: 100000000000\r\n\r\n"
        client.sendall(head.encode())
        answer = client.recv(1 << 16)
    assert status_of(answer) == 413
    assert b'"code":"too-large"' in answer
    assert str(MAX_BODY).encode() in answer


@pytest.mark.parametrize("path", ["/generate", "/generate/batch", "/events", "/uploads"])
def test_a_body_that_turns_out_too_long_is_refused(service: NativeService, path: str) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    head += "Prefer: respond-async\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"1000\r\n" + b" " * 0x1000 + b"\r\n"
    answer = service.raw(head.encode() + chunk * 20 + b"0\r\n\r\n")
    assert status_of(answer) == 413
    assert b'"code":"too-large"' in answer


def test_a_body_that_ends_too_early_is_no_request(service: NativeService) -> None:
    head = b"POST /generate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    answer = service.raw(head + b"Prefer: respond-async\r\nContent-Length: 100\r\n\r\n{", ends=True)
    assert answer == b"" or status_of(answer) == 400


@pytest.mark.parametrize("path", ["/generate", "/generate/batch", "/events"])
@pytest.mark.parametrize(
    "kind", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "é;"]
)
def test_only_json_is_read_as_json(service: NativeService, path: str, kind: str | None) -> None:
    headers = {} if kind is None else {"content_type": kind}
    body = '{"prompt": "a lake", "requests": [], "tasks": ["a"]}'
    answer = service.ask("POST", path, body=body, prefer="respond-async", **headers)
    assert answer.status == 415
    assert answer.code == "unsupported"


@pytest.mark.parametrize("body", [b"", b"plain text", b"<html></html>", b"\x89PN", b"%PDF-1.7"])
def test_only_media_are_uploaded(service: NativeService, body: bytes) -> None:
    answer = service.ask("POST", "/uploads", body=body, content_type="image/png")
    assert (answer.status, answer.code) == (415, "unsupported")


@pytest.mark.parametrize("path", ["/generate", "/generate/batch", "/events"])
@pytest.mark.parametrize(
    "body",
    [
        "[" * 30_000,
        '{"prompt":' * 6_000,
        '{"prompt":' + "[" * 30_000 + "]" * 30_000 + "}",
        "",
        "null",
        "[]",
        '"text"',
        "{",
        '{"prompt": NaN}',
        '{"prompt": "\\ud800"}',
        '{"prompt": 1e999}',
    ],
    ids=lambda body: body[:12] or "empty",
)
def test_malformed_json_is_malformed(service: NativeService, path: str, body: str) -> None:
    answer = service.ask("POST", path, body=body, **JSON)
    assert (answer.status, answer.code) == (400, "validation")


def test_json_may_be_a_hundred_thousand_levels_deep() -> None:
    deep = '{"prompt":' + "[" * 100_000 + "]" * 100_000 + "}"
    with running("--only", "image", "--blank") as service:
        for path in ["/generate", "/generate/batch", "/events"]:
            assert service.ask("POST", path, body=deep, **JSON).status == 400
        # Version 0 answers what it cannot read with 500.
        assert (
            service.ask("POST", "/generate", body=deep, content_type="application/json").status
            == 500
        )
        works(service)


def test_bytes_that_are_no_text_are_malformed_json(service: NativeService) -> None:
    answer = service.ask("POST", "/generate", body=b'{"prompt": "\xff"}', **JSON)
    assert (answer.status, answer.code) == (400, "validation")


@pytest.mark.parametrize("key", ["", ".", "..", "a/b", "a b", "a" * 129, "../../x", "ключ"])
def test_a_key_that_is_no_id_is_refused_and_not_left_out(service: NativeService, key: str) -> None:
    request = (
        b"POST /generate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Prefer: respond-async\r\nConnection: close\r\nContent-Length: 15\r\n"
        b"Idempotency-Key: " + key.encode() + b'\r\n\r\n{"prompt": "a"}'
    )
    answer = service.raw(request)
    assert status_of(answer) == 400
    assert b'"code":"validation"' in answer


# --- Paths ----------------------------------------------------------------------------------------

CLIMBS = [
    "..",
    "../../../../../etc/passwd",
    "..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e/%2e%2e/etc/passwd",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "%252e%252e%252fetc%252fpasswd",
    "..\\..\\etc\\passwd",
    "..%5c..%5cetc%5cpasswd",
    "%00",
    "0.png%00",
    "0.png%00.txt",
    "/etc/passwd",
    "%2fetc%2fpasswd",
    "....//....//etc/passwd",
    "%c0%ae%c0%ae/etc/passwd",
    "%ff%fe",
    "~root",
    "C:%5cwindows",
    "file:%2f%2f%2fetc%2fpasswd",
]
PLACES = [
    "/{}",
    "/outputs/{}",
    "/outputs/{}/0.png",
    "/outputs/a/{}",
    "/outputs/a/{}/x",
    "/uploads/{}",
    "/tasks/{}",
    "/tasks/{}/events",
    "/tasks/a/{}",
    "/generate/{}",
    "/models/{}",
    "/{}/health",
]


@pytest.mark.parametrize("place", PLACES)
def test_no_path_leads_out(service: NativeService, place: str) -> None:
    for climb in CLIMBS:
        path = place.format(climb)
        target = path.encode("latin-1")
        answer = service.raw(
            b"GET " + target + b" HTTP/1.1\r\nHost: localhost\r\nPrefer: respond-async\r\n"
            b"Connection: close\r\n\r\n"
        )
        assert status_of(answer) in (400, 404), path
        assert b"root:" not in answer, path


@pytest.mark.parametrize("target", ["*", "example.org:443", "http://evil.example/health", "a", ""])
def test_a_target_that_is_no_path_of_this_service_is_refused(
    service: NativeService, target: str
) -> None:
    answer = service.raw(
        f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
    )
    assert status_of(answer) in (400, 404, 421)


@pytest.mark.parametrize(
    "medium",
    [
        {"image": "/etc/passwd"},
        {"image": "file:///etc/passwd"},
        {"image": "/uploads/../../etc/passwd"},
        {"image": "http://169.254.169.254/"},
    ],
)
def test_no_parameter_leads_to_files_or_other_hosts(
    service: NativeService, medium: dict[str, str]
) -> None:
    answer = service.submit(str(uuid.uuid4()), prompt="a lake", **medium)
    assert (answer.status, answer.code) in [(422, "validation"), (422, "unsupported")]
    assert answer.json["error"]["details"][0]["path"] == "image"


# --- Connections ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
        b"GET /health\r\n\r\n",
        b"\0" * 1000,
        b"GET /health HTTP/1.1\r\nHost: localhost\r\nNo colon here\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost : localhost\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n",
    ],
    ids=["tls", "http2", "version", "no-version", "zeros", "no-colon", "space-colon", "nul"],
)
def test_what_is_no_request_gets_400_and_a_closed_connection(
    service: NativeService, garbage: bytes
) -> None:
    answer = service.raw(garbage, ends=True)
    assert answer == b"" or statuses_of(answer) == [400]


def test_garbage_behind_a_request_does_not_hurt_the_request(service: NativeService) -> None:
    good = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
    assert statuses_of(service.raw(good * 3 + b"\x00\xff garbage\r\n\r\n" + good)) == [
        200,
        200,
        200,
        400,
    ]


@pytest.mark.parametrize(
    "host", [None, "evil.example", "localhost.evil.example", "a b", "x@y", "[::"]
)
def test_the_service_answers_to_its_own_names_only(
    service: NativeService, host: str | None
) -> None:
    line = "" if host is None else f"Host: {host}\r\n"
    answer = service.raw(f"GET /health HTTP/1.1\r\n{line}Connection: close\r\n\r\n".encode())
    assert status_of(answer) in (400, 421)


def test_two_hosts_are_none(service: NativeService) -> None:
    hosts = b"Host: localhost\r\nHost: evil.example\r\n"
    answer = service.raw(b"GET /health HTTP/1.1\r\n" + hosts + b"Connection: close\r\n\r\n")
    assert status_of(answer) == 400


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost.evil.example"]
)
def test_pages_from_elsewhere_may_not_use_the_service(service: NativeService, origin: str) -> None:
    for method, path in [("POST", "/generate"), ("DELETE", "/tasks/a"), ("POST", "/uploads")]:
        answer = service.ask(method, path, body=PICTURE, origin=origin, **JSON)
        assert (answer.status, answer.code) == (403, "auth")
        assert "access-control-allow-origin" not in answer.headers
    preflight = service.ask(
        "OPTIONS", "/generate", origin=origin, access_control_request_method="POST"
    )
    assert preflight.status == 403
    # Reading is not refused, but no page of theirs gets to see it.
    assert "access-control-allow-origin" not in service.ask("GET", "/health", origin=origin).headers


def test_pages_of_this_machine_may_use_the_service(service: NativeService) -> None:
    origin = "http://localhost:8000"
    preflight = service.ask(
        "OPTIONS", "/generate", origin=origin, access_control_request_method="POST"
    )
    assert preflight.status == 204
    assert preflight.headers["access-control-allow-origin"] == origin
    assert preflight.headers["access-control-max-age"] == "86400"


@pytest.mark.parametrize(
    "headers",
    [b"X: " + b"a" * 200_000, b"\r\n".join(b"X-%d: a" % number for number in range(5_000))],
    ids=["long", "many"],
)
def test_huge_headers_are_refused(service: NativeService, headers: bytes) -> None:
    answer = service.raw(b"GET /health HTTP/1.1\r\nHost: localhost\r\n" + headers + b"\r\n\r\n")
    assert answer == b"" or status_of(answer) == 431


def test_a_huge_target_is_refused(service: NativeService) -> None:
    answer = service.raw(b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert answer == b"" or status_of(answer) in (414, 431)


SMUGGLED = b"DELETE /tasks/smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: 4\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: chunked\r\nContent-Length: 4",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        b"Transfer-Encoding: identity, chunked, identity",
        b"Transfer-Encoding: xchunked",
        b"Transfer-Encoding : chunked",
        b"Content-Length: 4\r\nContent-Length: 5",
        b"Content-Length: +4",
        b"Content-Length: 4, 5",
        b"Content-Length: -1",
        b"Content-Length: 99999999999999999999999",
    ],
    ids=lambda framing: framing.decode().replace("\r\n", "|"),
)
def test_a_body_whose_end_is_in_doubt_is_not_followed_by_a_request(
    service: NativeService, framing: bytes
) -> None:
    head = b"POST /events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    answer = service.raw(head + framing + b"\r\n\r\n0\r\n\r\n" + SMUGGLED, ends=True)
    assert len(statuses_of(answer)) <= 1, answer
    assert all(status in (400, 413, 501) for status in statuses_of(answer)), answer
    assert service.ask("GET", "/tasks/smuggled").status == 404


@pytest.mark.parametrize(
    "chunks",
    [
        b"zz\r\n{}\r\n0\r\n\r\n",
        b"-1\r\n\r\n",
        b"ffffffffffffffffff\r\n{",
        b"5\r\n{}\r\n0\r\n\r\n",
        b"2\r\n{}xx0\r\n\r\n",
    ],
)
def test_broken_chunks_are_a_broken_request(service: NativeService, chunks: bytes) -> None:
    head = b"POST /events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    answer = service.raw(head + b"Transfer-Encoding: chunked\r\n\r\n" + chunks, ends=True)
    assert answer == b"" or statuses_of(answer) == [400]


def test_clients_that_send_nothing_more_are_given_up(service: NativeService) -> None:
    with contextlib.ExitStack() as stack:
        slow = [stack.enter_context(service.connect()) for _ in range(300)]
        for number, client in enumerate(slow):
            half = b"POST /generate HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n"
            client.sendall(half[: 1 + number % len(half)])
        for _ in range(5):
            works(service)
        for client in slow:
            # Closed, at the latest after the time that a head may take; perhaps with a word.
            while client.recv(1 << 10):
                pass


# --- Too much -------------------------------------------------------------------------------------


def test_a_full_queue_says_when_to_come_back() -> None:
    with running("--only", "video", "--workers", "1", "--queue", "2") as service:
        keys = [str(uuid.uuid4()) for _ in range(4)]
        answers = [service.submit(key, medium="video", **LONG) for key in keys]
        assert [answer.status for answer in answers] == [202, 202, 202, 503]
        assert answers[3].code == "queue-full"
        assert answers[3].json["error"]["retryable"] is True
        assert int(answers[3].headers["retry-after"]) >= 1
        assert service.ask("GET", "/health", medium="video").status == 200
        # The same key again is the task that there is, also now.
        assert service.submit(keys[0], medium="video", **LONG).status == 202
        assert service.ask("DELETE", f"/tasks/{keys[1]}", medium="video").status == 200
        assert service.submit(keys[3], medium="video", **LONG).status == 202


def raise_file_limit() -> int:
    """Lets this process open as many files as the system allows, and says how many."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most


def test_thousands_of_event_streams_leave_room_for_others() -> None:
    wanted = min(10_000, raise_file_limit() - 200)
    with running("--workers", "1", "--only", "video") as service:
        for key in ("first", "silent"):
            assert service.submit(key, medium="video", **LONG).status == 202
        before = service.memory
        request = b"GET /tasks/silent/events HTTP/1.1\r\nHost: localhost\r\n\r\n"
        with contextlib.ExitStack() as stack:
            streams = []
            for _ in range(wanted):
                client = stack.enter_context(service.connect("video"))
                client.sendall(request)
                streams.append(client)
            for client in streams:
                assert status_of(client.recv(1 << 12)) == 200
            each = (service.memory - before) / wanted
            print(f"{wanted} event streams, {each / 1024:.1f} KiB of memory each")
            assert each < 64 << 10
            began = time.monotonic()
            assert service.ask("GET", "/health", medium="video").status == 200
            assert service.submit("third", medium="video", **LONG).status == 202
            assert time.monotonic() - began < 5
            assert service.ask("DELETE", "/tasks/silent", medium="video").status == 200
            told = sum(b'"status":"cancelled"' in rest_of(client) for client in streams)
            assert told == wanted
        assert service.ask("GET", "/health", medium="video").status == 200


def rest_of(client: socket.socket) -> bytes:
    """What comes until the stream's own end."""
    rest = bytearray()
    while not rest.endswith(b"0\r\n\r\n"):
        part = client.recv(1 << 16)
        if not part:
            break
        rest += part
    return bytes(rest)


def test_connections_beyond_the_limit_are_told() -> None:
    with running("--only", "image", "--blank", "--connections", "4") as service:
        with contextlib.ExitStack() as stack:
            idle = [stack.enter_context(service.connect()) for _ in range(4)]
            for client in idle:
                client.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
                assert status_of(client.recv(1 << 12)) == 200
            answer = service.raw(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert status_of(answer) == 503
            assert json.loads(answer.split(b"\r\n\r\n", 1)[1])["error"]["code"] == "queue-full"
        time.sleep(0.2)
        works(service)


def test_a_full_disk_refuses_work_and_nothing_else(tmp_path: Path) -> None:
    # A disk of a few MiB that only the service sees; others reach it through the process.
    small = 'mount -t tmpfs -o size=8m none "$0" && exec "$@"'
    through = ("unshare", "--map-root-user", "--mount", "sh", "-c", small, str(tmp_path))
    data = ["--data-dir", str(tmp_path / "data")]
    with running("--only", "image", "--blank", *data, through=through) as service:
        works(service)
        ballast = Path(f"/proc/{service.process.pid}/root{tmp_path}/ballast")
        with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(1 << 12))
        film = b"\0\0\0\x18ftypisom" + bytes(1 << 20)
        refusal = service.ask("POST", "/uploads", body=film, content_type="video/mp4")
        assert (refusal.status, refusal.json["error"]["retryable"]) == (503, True)
        assert "disk" in refusal.json["error"]["message"]
        assert int(refusal.headers["retry-after"]) >= 1
        statuses = {service.submit(str(uuid.uuid4())).status for _ in range(200)}
        assert statuses <= {202, 503}
        assert service.ask("GET", "/health").status == 200
        assert service.ask("GET", "/tasks").status == 200
        ballast.unlink()
        assert service.ask("POST", "/uploads", body=film, content_type="video/mp4").status == 201
        works(service)


# --- Starting -------------------------------------------------------------------------------------


def test_a_port_in_use_is_named(service: NativeService) -> None:
    port = str(urlsplit(service.urls["image"]).port)
    code, message = refused("--only", "image", "--port", port)
    assert code == 1
    assert port in message
    assert "in use" in message
    assert "--port" in message


@pytest.mark.parametrize(
    "arguments",
    [
        ["--port", "x"],
        ["--only", "music"],
        ["--host", "nowhere"],
        ["--workers", "0"],
        ["--max-body", "much"],
        ["--token-file", "/nowhere/token"],
        ["--allow-origin", "nonsense"],
        ["--no-such-option"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_wrong_command_line_is_explained(arguments: list[str]) -> None:
    code, message = refused(*arguments)
    assert code != 0
    assert any(argument in message for argument in arguments)
    assert "panicked" not in message


def newer(data: Path) -> None:
    (data / "format").write_text("99\n", encoding="ascii")


def without_version(data: Path) -> None:
    (data / "format").write_bytes(b"\0\xff")


def overwritten(data: Path) -> None:
    (data / "records.redb").write_bytes(b"no database" * 1000)


def cut_short(data: Path) -> None:
    records = data / "records.redb"
    records.write_bytes(records.read_bytes()[: records.stat().st_size // 2])


def somebody_elses(data: Path) -> None:
    (data / "format").rename(data / "thesis.txt")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (newer, "newer media-factory-service"),
        (without_version, "damaged"),
        (overwritten, "damaged"),
        (cut_short, "damaged"),
        (somebody_elses, "other files"),
    ],
)
def test_a_data_directory_that_cannot_be_read_is_left_as_it_is(
    tmp_path: Path, change: Callable[[Path], None], words: str
) -> None:
    with running("--only", "image", "--blank", "--data-dir", str(tmp_path)) as service:
        works(service)
    change(tmp_path)
    before = contents(tmp_path)
    code, message = refused("--only", "image", "--port", "0", "--data-dir", str(tmp_path))
    assert code == 1
    assert str(tmp_path) in message
    assert words in message
    assert "panicked" not in message
    assert contents(tmp_path) == before


def contents(folder: Path) -> dict[str, bytes]:
    """Every file and its bytes."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_a_data_directory_in_use_is_not_shared(tmp_path: Path) -> None:
    with running("--only", "image", "--blank", "--data-dir", str(tmp_path)) as service:
        code, message = refused("--only", "image", "--port", "0", "--data-dir", str(tmp_path))
        assert (code, "in use" in message) == (1, True)
        works(service)


def test_a_file_is_no_data_directory(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"")
    for path in (file, file / "below"):
        code, message = refused("--only", "image", "--port", "0", "--data-dir", str(path))
        assert (code, str(path) in message, "no directory" in message) == (1, True, True)
