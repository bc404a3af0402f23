"""Every Python block of the README and of docs/ runs as it stands there."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks() -> list[tuple[str, str]]:
    found = []
    for page in PAGES:
        codes = re.findall(r"(?ms)^```python\n(.*?)^```", page.read_text(encoding="utf-8"))
        name = page.relative_to(ROOT).as_posix()
        found += [(f"{name}#{number}", code) for number, code in enumerate(codes, 1)]
    return found


BLOCKS = blocks()


def test_there_are_blocks_to_run() -> None:
    assert sum(name.startswith("README.md") for name, _ in BLOCKS) >= 3


@pytest.mark.parametrize("code", [code for _, code in BLOCKS], ids=[name for name, _ in BLOCKS])
def test_the_block_runs(code: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
