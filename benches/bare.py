"""The bare server and the bare client that the SDK is measured against."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release"
CLIENT_CORE, SERVER_CORE = 0, (os.cpu_count() or 1) - 1


def build() -> None:
    """Builds both programs; quick when nothing changed."""
    command = ["cargo", "build", "--quiet", "--release", "-p", "media-factory-benches"]
    subprocess.run(command, cwd=ROOT, check=True)


def pin(core: int) -> None:
    """Keeps this process on one core, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {core})


@contextmanager
def server(pause_ms: int = 0) -> Iterator[str]:
    """A running bare server; gives its address."""
    process = subprocess.Popen(
        [PROGRAMS / "bare-server", str(pause_ms)],
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: pin(SERVER_CORE),  # noqa: PLW1509 - no threads yet
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()


def reqwest_loop(url: str, tasks: int, concurrency: int) -> float:
    """Tasks per second of a bare reqwest loop on the client's core."""
    done = subprocess.run(
        [PROGRAMS / "bare-reqwest", url, str(tasks), str(concurrency)],
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: pin(CLIENT_CORE),
    )
    return tasks / float(done.stdout)
