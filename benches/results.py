"""Writes one section of ``benches/RESULTS.md``: the figures, with machine and date.

``python benches/results.py TITLE RUNTIME < rows`` replaces the section of that title; rows are
tab-separated, the first is the head. Benchmarks in other languages use it as a program.
"""

from __future__ import annotations

import datetime
import os
import platform
import re
import sys
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")
HEAD = """# Results

Made by `cargo xtask bench`. Ratios compare figures of one run on one machine.
"""


def processor() -> str:
    """The processor's own name where the system tells it, else its family."""
    cpuinfo = Path("/proc/cpuinfo")
    text = cpuinfo.read_text() if cpuinfo.exists() else ""
    found = re.search(r"model name\s*: (.*)", text)
    return found.group(1) if found else platform.machine()


def write(
    title: str,
    rows: list[list[str]],
    runtime: str = f"Python {platform.python_version()}",
) -> None:
    """Replaces the section ``title`` by a table of ``rows``, the first being its head."""
    head, *body = rows
    lines = ["| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *body]]
    machine = f"{os.cpu_count()} cores, {processor()}, {platform.system()}"
    date = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    section = f"## {title}\n\n{date}, {machine}, {runtime}\n\n"
    section += "\n".join(lines) + "\n"
    text = RESULTS.read_text() if RESULTS.exists() else HEAD
    parts = [part for part in re.split(r"(?m)^(?=## )", text) if part.strip()]
    titles = [part.splitlines()[0] for part in parts]
    if f"## {title}" in titles:
        parts[titles.index(f"## {title}")] = section
    else:
        parts.append(section)
    RESULTS.write_text("\n".join(part.rstrip("\n") + "\n" for part in parts))
    print("\n".join(lines))


if __name__ == "__main__":
    title, runtime = sys.argv[1:]
    write(title, [line.rstrip("\n").split("\t") for line in sys.stdin if line.strip()], runtime)
