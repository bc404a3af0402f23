"""What the service costs, and what the SDK makes of it: exchanges, batches, lag, many tasks.

Run by ``cargo xtask bench``. Each figure is made in a process of its own on the client's core; the
service has the other. Ratios are between figures of the same run.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import bare
import results

TASKS = 5_000
ROUNDS = 3
FOLLOWED = 10_000
PARAMETERS = {"prompt": "A futuristic city", "resolution": "64x64"}
EXCHANGE_AIM = 0.7
LAG_AIM_MS = 10


def workflow(url: str, concurrency: int):
    from media_factory import ImageWorkflow

    return ImageWorkflow({"service_endpoint": url, "max_concurrency": concurrency})


def measure_batch(url: str, concurrency: int) -> dict[str, float]:
    from media_factory import wait_all

    images = workflow(url, concurrency)
    images.health()
    images.process(PARAMETERS).wait()
    began = time.perf_counter()
    wait_all(images.batch_process([PARAMETERS] * TASKS), raise_on_error=True)
    return {"rate": TASKS / (time.perf_counter() - began)}


def measure_single(url: str, concurrency: int) -> dict[str, float]:
    from media_factory import wait_all

    images = workflow(url, concurrency)
    images.process(PARAMETERS).wait()
    began = time.perf_counter()
    wait_all([images.process(PARAMETERS) for _ in range(TASKS)], raise_on_error=True)
    return {"rate": TASKS / (time.perf_counter() - began)}


def measure_submit(url: str, concurrency: int) -> dict[str, float]:
    """Until the service has accepted all; the bare loop does not wait for results either."""
    images = workflow(url, concurrency)
    images.health()
    images.process(PARAMETERS).cancel()
    began = time.perf_counter()
    tasks = images.batch_process([PARAMETERS] * TASKS)
    for task in tasks:
        while task.remote_id is None:
            time.sleep(0.001)
    seconds = time.perf_counter() - began
    for task in tasks:
        task.cancel()
    return {"rate": TASKS / seconds}


def measure_lag(url: str) -> dict[str, float]:
    """From the moment that the service names to the return of ``wait()``."""
    images = workflow(url, 1)
    images.process(PARAMETERS).wait()
    lags = []
    for _ in range(200):
        task = images.process(PARAMETERS).wait()
        now = datetime.now(timezone.utc)
        raw = task.result["raw"]["timestamp"]
        finished = datetime.fromisoformat(raw.replace("Z", "+00:00")).replace(tzinfo=timezone.utc)
        lags.append((now - finished).total_seconds() * 1000)
    lags.sort()
    return {"median": statistics.median(lags), "p95": lags[int(len(lags) * 0.95)]}


def measure_followed(url: str) -> dict[str, float]:
    """Tasks that the service holds for some seconds, all followed at once."""
    from media_factory import wait_all

    images = workflow(url, FOLLOWED)
    images.health()
    images.process(PARAMETERS).wait()
    before, began = cpu(), time.perf_counter()
    resident_before = bare.resident()
    tasks = images.batch_process([PARAMETERS] * FOLLOWED)
    while any(task.remote_id is None for task in tasks):
        time.sleep(0.01)
    time.sleep(1)
    grown = bare.resident() - resident_before
    wait_all(tasks, raise_on_error=True)
    return {
        "bytes": grown / FOLLOWED,
        "cpu": cpu() - before,
        "seconds": time.perf_counter() - began,
    }


def cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


MEASURES = {
    "batch": measure_batch,
    "single": measure_single,
    "submit": measure_submit,
    "lag": measure_lag,
    "followed": measure_followed,
}


def loop(url: str, concurrency: int) -> float:
    rates = (bare.reqwest_loop(url, TASKS, concurrency) for _ in range(ROUNDS))
    return statistics.median(rates)


def exchanges() -> list[list[str]]:
    head = ["submissions/s", "at once", "bare axum", "service", "ratio", "aim", "with --data-dir"]
    rows = [head]
    for concurrency in (1, 32, 256):
        with bare.axum() as url:
            handler = loop(url, concurrency)
        with bare.service("--blank") as url:
            own = loop(url, concurrency)
        with (
            tempfile.TemporaryDirectory() as folder,
            bare.service("--blank", "--data-dir", folder) as url,
        ):
            durable = loop(url, concurrency)
        rates = [f"{handler:,.0f}", f"{own:,.0f}", f"{own / handler:.2f}", str(EXCHANGE_AIM)]
        rows.append([f"{TASKS:,} tasks", str(concurrency), *rates, f"{durable:,.0f}"])
    return rows


HELD = ["--blank", "--blank-seconds", "5", "--workers", str(2 * FOLLOWED)]
"""A service on which every task takes five seconds, and all at once."""


def batches() -> list[list[str]]:
    rows = [["tasks/s", "at once", "bare reqwest, POST only", "SDK", "ratio", "aim"]]
    for name, measure, concurrency, words, aim in (
        ("batch, until accepted", "submit", TASKS, HELD, "> 1"),
        ("batch, until finished", "batch", 32, ["--blank"], ""),
        ("batch, until finished", "batch", 256, ["--blank"], ""),
        ("one by one, until finished", "single", 32, ["--blank"], ""),
        ("one by one, until finished", "single", 256, ["--blank"], ""),
    ):
        with bare.service("--blank") as url:
            handler = loop(url, min(concurrency, 256))
        with bare.service(*words) as url:
            own = bare.median(ROUNDS, __file__, measure, url, concurrency)["rate"]
        rates = [f"{handler:,.0f}", f"{own:,.0f}", f"{own / handler:.2f}", aim]
        rows.append([name, f"{concurrency:,}", *rates])
    return rows


def following() -> list[list[str]]:
    with bare.service() as url:
        lag = bare.median(ROUNDS, __file__, "lag", url)
    with bare.service(*HELD) as url:
        followed = bare.fresh(__file__, "followed", url)
    return [
        ["figure", "value", "aim"],
        [
            "from the service's end of a task to the return of wait(), median",
            f"{lag['median']:.1f} ms",
            f"< {LAG_AIM_MS} ms",
        ],
        ["the same, 95 of 100", f"{lag['p95']:.1f} ms", ""],
        [f"memory of one of {FOLLOWED:,} followed tasks", f"{followed['bytes']:,.0f} B", ""],
        [
            f"processor time for {FOLLOWED:,} tasks of 5 s, submitted and followed",
            f"{followed['cpu']:.1f} s in {followed['seconds']:.1f} s",
            "",
        ],
    ]


def main() -> None:
    if len(sys.argv) > 1:
        measure, *words = sys.argv[1:]
        numbers = [int(word) if word.isdigit() else word for word in words]
        print(json.dumps(MEASURES[measure](*numbers)))
        return
    bare.build()
    results.write("Service: exchanges", exchanges(), "axum and the service on one core")
    results.write("Service: batches through Python", batches())
    results.write("Service: following", following())


if __name__ == "__main__":
    main()
