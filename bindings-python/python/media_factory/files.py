"""Where outputs are saved, and never over a file that was not meant."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

__all__ = ["Place"]

_numbers = count(1)


class Place:
    """Where ``MediaOutput.save`` puts a file: beside its name first, and under it when whole.

    So nobody ever sees half a file under its name.
    """

    def __init__(self, path: str | os.PathLike[str], *, overwrite: bool) -> None:
        """Make the directories that are missing. Raises ``FileExistsError`` where that is sure."""
        wanted = os.fspath(path)
        separators = tuple(filter(None, (os.sep, os.altsep)))
        is_folder = wanted.endswith(separators) or Path(wanted).is_dir()
        self._target = None if is_folder else Path(wanted)
        self._folder = Path(wanted) if self._target is None else self._target.parent
        self._overwrite = overwrite
        if self._target is not None and self._target.suffix and not overwrite:
            _must_be_new(self._target)
        self._folder.mkdir(parents=True, exist_ok=True)
        self.partial = self._folder / f".media-factory-{os.getpid()}-{next(_numbers)}.part"

    def __enter__(self) -> Place:
        """Begin to write ``partial``."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing behind that was not published."""
        self.partial.unlink(missing_ok=True)

    def publish(self, extension: str) -> Path:
        """Move ``partial`` to its name, which gets ``extension`` if it has none; gives the path."""
        if self._target is None:
            return self._move_to_first_free(extension)
        target = self._target
        if not target.suffix:
            target = target.with_name(f"{target.name}.{extension}")
        if self._overwrite:
            self.partial.replace(target)
        else:
            self._move(target)
        return target

    def _move_to_first_free(self, extension: str) -> Path:
        for name in _names():
            target = self._folder / f"{name}.{extension}"
            try:
                self._move(target)
            except FileExistsError:
                continue
            return target
        raise AssertionError("there is always another name")

    def _move(self, target: Path) -> None:
        # Taking the name exclusively decides between two writers.
        with target.open("xb"):
            pass
        try:
            self.partial.replace(target)
        except BaseException:
            target.unlink(missing_ok=True)
            raise


def _names() -> Iterator[str]:
    yield "output"
    for number in count(2):
        yield f"output-{number}"


def _must_be_new(target: Path) -> None:
    """Refuse before a download what would be refused after it."""
    if target.exists():
        from errno import EEXIST

        raise FileExistsError(EEXIST, os.strerror(EEXIST), str(target))
