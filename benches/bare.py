"""The bare servers and the bare client that the SDK is measured against, and the service."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release"
CLIENT_CORE, SERVER_CORE = 0, (os.cpu_count() or 1) - 1


def build() -> None:
    """Builds the programs; quick when nothing changed."""
    packages = ["-p", "media-factory-benches", "-p", "media-factory-service"]
    subprocess.run(["cargo", "build", "--quiet", "--release", *packages], cwd=ROOT, check=True)


def pin(core: int) -> None:
    """Keeps this process on one core, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {core})


def resident() -> int:
    """Bytes of memory that this process has."""
    pages = Path("/proc/self/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def program(name: str, *words: str) -> Iterator[str]:
    """A program that runs on the server's core; gives the first line that it prints."""
    process = subprocess.Popen(
        [PROGRAMS / name, *words],
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


@contextmanager
def server(pause_ms: int = 0) -> Iterator[str]:
    """A running bare server; gives its address."""
    with program("bare-server", str(pause_ms)) as url:
        yield url


@contextmanager
def axum() -> Iterator[str]:
    """A running bare axum handler; gives its address."""
    with program("bare-axum") as url:
        yield url


@contextmanager
def service(*words: str) -> Iterator[str]:
    """The running image service; gives its address."""
    # The queue takes whatever a benchmark submits: what is measured is not the refusal.
    quiet = ("--only", "image", "--port", "0", "--log-level", "warn", "--queue", "1000000")
    words = (*quiet, *words)
    with program("media-factory-service", *words) as line:
        yield json.loads(line)["url"]


def fresh(script: str, measure: str, *words: object) -> dict[str, float]:
    """Runs one measurement of a benchmark in a process of its own on the client's core."""
    done = subprocess.run(
        [sys.executable, script, measure, *map(str, words)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        preexec_fn=lambda: pin(CLIENT_CORE),
    )
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def median(rounds: int, script: str, measure: str, *words: object) -> dict[str, float]:
    """The medians, key by key, of several such runs."""
    runs = [fresh(script, measure, *words) for _ in range(rounds)]
    return {key: statistics.median(run[key] for run in runs) for key in runs[0]}


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
