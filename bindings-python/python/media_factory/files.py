"""Writes outputs to files, and never over a file that was not meant."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path

__all__ = ["write"]


def write(content: bytes, path: str | os.PathLike[str], extension: str, *, overwrite: bool) -> Path:
    """Write ``content`` as ``MediaOutput.save`` promises, and give the path of the file."""
    wanted = os.fspath(path)
    separators = tuple(filter(None, (os.sep, os.altsep)))
    if wanted.endswith(separators) or Path(wanted).is_dir():
        return _write_generated(content, Path(wanted), extension)
    target = Path(wanted)
    if not target.suffix:
        target = target.with_name(f"{target.name}.{extension}")
    target.parent.mkdir(parents=True, exist_ok=True)
    _publish(content, target, overwrite=overwrite)
    return target


def _write_generated(content: bytes, folder: Path, extension: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for number in count(1):
        name = "output" if number == 1 else f"output-{number}"
        target = folder / f"{name}.{extension}"
        try:
            _publish(content, target, overwrite=False)
        except FileExistsError:
            continue
        return target
    raise AssertionError("count() never ends")


def _publish(content: bytes, target: Path, *, overwrite: bool) -> None:
    """Write beside the target first, so that nobody ever sees half a file under its name."""
    if not overwrite:
        # Taking the name exclusively decides between two writers.
        with target.open("xb"):
            pass
    partial = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        partial.write_bytes(content)
        partial.replace(target)
    except BaseException:
        partial.unlink(missing_ok=True)
        if not overwrite:
            target.unlink(missing_ok=True)
        raise
