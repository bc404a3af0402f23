"""What the Python package costs: tasks per second, memory, import, validation.

Run by ``cargo xtask bench``. Each figure is made in a process of its own, so that none warms
another; ratios are between figures of the same run.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import bare
import results

TASKS = 5_000
WAITING = 100_000
ROUNDS = 5
PARAMETERS = {
    "prompt": "A futuristic city",
    "style": "realistic",
    "resolution": "1024x1024",
    "hdr": True,
}
AIMS = {
    ("batch", 1): 0.65,
    ("batch", 32): 0.45,
    ("batch", 256): 0.6,
    ("awaitables", 1): 0.5,
    ("awaitables", 32): 0.35,
    ("awaitables", 256): 0.5,
}


def workflow(url: str, concurrency: int):
    from media_factory import ImageWorkflow

    return ImageWorkflow({"service_endpoint": url, "max_concurrency": concurrency})


def cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def measure_batch(url: str, concurrency: int) -> dict[str, float]:
    from media_factory import wait_all

    images = workflow(url, concurrency)
    images.process(PARAMETERS).wait()
    before, began = cpu(), time.perf_counter()
    wait_all(images.batch_process([PARAMETERS] * TASKS), raise_on_error=True)
    return {"rate": TASKS / (time.perf_counter() - began), "cpu": (cpu() - before) / TASKS * 1000}


def measure_awaitables(url: str, concurrency: int) -> dict[str, float]:
    import asyncio

    images = workflow(url, concurrency)

    async def run() -> dict[str, float]:
        await images.process(PARAMETERS)

        async def one() -> None:
            await images.process(PARAMETERS)

        before, began = cpu(), time.perf_counter()
        await asyncio.gather(*(one() for _ in range(TASKS)))
        seconds = time.perf_counter() - began
        return {"rate": TASKS / seconds, "cpu": (cpu() - before) / TASKS * 1000}

    return asyncio.run(run())


def measure_memory(url: str) -> dict[str, float]:
    images = workflow(url, 1)
    images.batch_process([dict(PARAMETERS)])[0].cancel()
    parameters = [dict(PARAMETERS) for _ in range(WAITING)]
    before = bare.resident()
    tasks = images.batch_process(parameters)
    grown = bare.resident() - before
    for task in tasks:
        task.cancel()
    return {"bytes": grown / WAITING}


def measure_first_call(url: str) -> dict[str, float]:
    began = time.perf_counter()
    workflow(url, 1).process(PARAMETERS).wait()
    return {"ms": (time.perf_counter() - began) * 1000}


def measure_validation() -> dict[str, float]:
    images = workflow("http://127.0.0.1:9", 1)
    return {"media_factory": per_second(lambda: images.validate_parameters(PARAMETERS))}


def measure_pydantic() -> dict[str, float]:
    from typing import Annotated

    from pydantic import BaseModel, ConfigDict, Field

    class Image(BaseModel):
        model_config = ConfigDict(extra="forbid")
        prompt: Annotated[str, Field(min_length=1, max_length=32_000)]
        negative_prompt: Annotated[str, Field(max_length=32_000)] | None = None
        style: Annotated[str, Field(max_length=200)] | None = None
        resolution: Annotated[str, Field(pattern=r"^\d{2,5}[xX×]\d{2,5}$")] | None = None
        model: str | None = None
        hdr: bool | None = None
        pbr: bool | None = None
        seed: Annotated[int, Field(ge=0, le=2**53 - 1)] | None = None
        count: Annotated[int, Field(ge=1, le=16)] | None = None
        format: str | None = None

    return {"pydantic": per_second(lambda: Image.model_validate(PARAMETERS))}


def per_second(call) -> float:
    for _ in range(1_000):
        call()
    count = 50_000
    began = time.perf_counter()
    for _ in range(count):
        call()
    return count / (time.perf_counter() - began)


MEASURES = {
    "batch": measure_batch,
    "awaitables": measure_awaitables,
    "memory": measure_memory,
    "first-call": measure_first_call,
    "validation": measure_validation,
    "pydantic": measure_pydantic,
}


def interpreter(code: str) -> float:
    """The least milliseconds of a fresh interpreter that runs ``code``, bytecode cached."""
    env = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}

    def once() -> float:
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True, env=env)
        return (time.perf_counter() - began) * 1000

    return min(once() for _ in range(20))


def throughput(url: str) -> list[list[str]]:
    head = [
        "tasks/s, 5,000 tasks",
        "at once",
        "bare reqwest",
        "SDK",
        "ratio",
        "aim",
        "CPU s / 1,000",
    ]
    rows = [head]
    for way in ("batch", "awaitables"):
        for concurrency in (1, 32, 256):
            bare_rate = statistics.median(
                bare.reqwest_loop(url, TASKS, concurrency) for _ in range(ROUNDS)
            )
            own = bare.median(ROUNDS, __file__, way, url, concurrency)
            rows.append(
                [
                    way,
                    str(concurrency),
                    f"{bare_rate:,.0f}",
                    f"{own['rate']:,.0f}",
                    f"{own['rate'] / bare_rate:.2f}",
                    str(AIMS[way, concurrency]),
                    f"{own['cpu']:.3f}",
                ]
            )
    return rows


def sizes() -> list[list[str]]:
    with bare.server() as url:
        first = bare.median(ROUNDS, __file__, "first-call", url)["ms"]
    with bare.server(pause_ms=3_600_000) as url:
        memory = bare.fresh(__file__, "memory", url)["bytes"]
    own = bare.median(ROUNDS, __file__, "validation")["media_factory"]
    peer = bare.median(ROUNDS, __file__, "pydantic")["pydantic"]
    nothing = interpreter("pass")
    bare_import = interpreter("import media_factory") - nothing
    wheels = bare.ROOT.glob("target/wheels/media_factory/*.whl")
    wheels = sorted(wheels, key=lambda wheel: wheel.stat().st_mtime)
    rows = [
        ["figure", "value", "aim"],
        ["import media_factory over the bare interpreter", f"{bare_import:.1f} ms", "< 15 ms"],
        ["first call of a process, from import to result", f"{first:.1f} ms", ""],
        [f"memory of a waiting task, {WAITING:,} of them", f"{memory:,.0f} B", "< 2,048 B"],
        ["validations/s", f"{own:,.0f}", ""],
        ["validations/s, pydantic", f"{peer:,.0f}", ""],
        ["ratio", f"{own / peer:.2f}", "2"],
    ]
    if wheels:
        unpacked = sum(item.file_size for item in zipfile.ZipFile(wheels[-1]).infolist())
        packed = wheels[-1].stat().st_size
        size = f"{packed / 1e6:.2f} MB ({unpacked / 1e6:.1f} MB unpacked)"
        rows.append(["wheel, sandbox included", size, "< 10 MB"])
    return rows


def main() -> None:
    if len(sys.argv) > 1:
        measure, *words = sys.argv[1:]
        numbers = [int(word) if word.isdigit() else word for word in words]
        print(json.dumps(MEASURES[measure](*numbers)))
        return
    bare.build()
    with bare.server() as url:
        results.write("Python: throughput", throughput(url))
    results.write("Python: import, memory, validation", sizes())


if __name__ == "__main__":
    main()
