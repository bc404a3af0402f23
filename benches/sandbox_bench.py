"""How long the sandbox takes natively: pictures, films, speech and cancel, through the public API.

Run by ``cargo xtask bench``. The figures are seconds on the machine that the table names, beside
what they should be; ``sandbox_bench.mjs`` makes the same jobs in WebAssembly.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import results

from media_factory import MediaFactoryRegistry

ROUNDS = 3
JOBS = json.loads(Path(__file__).with_name("sandbox_jobs.json").read_text("utf-8"))


def timed(
    registry: MediaFactoryRegistry, medium: str, parameters: dict[str, Any]
) -> dict[str, float]:
    """Seconds until the first preview and until the end, and the seconds of the output."""
    began = time.perf_counter()
    task = registry.get_workflow(medium).process(parameters)
    preview = None
    for event in task.events():
        if event.kind == "preview" and preview is None:
            preview = time.perf_counter() - began
    output = task.wait().outputs[0]
    whole = time.perf_counter() - began
    return {"preview": preview or whole, "whole": whole, "length": output.duration or 0.0}


def median(runs: list[dict[str, float]]) -> dict[str, float]:
    return {key: statistics.median(run[key] for run in runs) for key in runs[0]}


def cancelled(registry: MediaFactoryRegistry) -> float:
    """Seconds from cancelling a large picture until a tiny one, which waited for it, is made."""
    images = registry.get_workflow("image")
    tasks = [
        images.process({"prompt": "the sea", "resolution": "2048x2048", "seed": n})
        for n in range(2)
    ]
    time.sleep(0.5)
    began = time.perf_counter()
    for task in tasks:
        task.cancel()
    images.process({"prompt": "abstract", "resolution": "16x16", "seed": 1}).wait()
    return time.perf_counter() - began


def main() -> None:
    """Writes the section."""
    registry = MediaFactoryRegistry({"protocol": "sandbox"})
    timed(registry, "image", {"prompt": "a lake", "resolution": "64x64"})
    rows = [["job", "first preview", "aim", "whole", "aim", "of the aim"]]
    for job in JOBS:
        medium, aims = job["medium"], job["native"]
        run = median([timed(registry, medium, job["parameters"]) for _ in range(ROUNDS)])
        if medium == "voice":
            speed = run["length"] / run["whole"]
            rows.append(
                [job["name"], "", "", f"{speed:,.0f} times real time", f"> {aims['times']}", ""]
            )
            continue
        preview = f"{run['preview'] * 1000:.0f} ms" if medium == "image" else ""
        preview_aim = f"< {aims['preview'] * 1000:.0f} ms" if medium == "image" else ""
        ratio = run["whole"] / aims["whole"]
        rows.append(
            [
                job["name"],
                preview,
                preview_aim,
                f"{run['whole']:.2f} s",
                f"< {aims['whole']} s",
                f"{ratio:.2f}",
            ]
        )
    quick = statistics.median(cancelled(registry) for _ in range(ROUNDS))
    rows.append(
        [
            "two pictures cancelled, the next one made",
            "",
            "",
            f"{quick * 1000:.0f} ms",
            "< 50 ms",
            f"{quick / 0.05:.2f}",
        ]
    )
    results.write("Sandbox: native", rows)


if __name__ == "__main__":
    main()
