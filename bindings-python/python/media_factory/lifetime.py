"""What happens to registries when the process forks or ends."""

from __future__ import annotations

import atexit
import os
import sys
from weakref import WeakSet

from media_factory import _core

TYPE_CHECKING = False
if TYPE_CHECKING:
    from media_factory.registry import MediaFactoryRegistry

__all__ = ["watch"]

_registries: WeakSet[MediaFactoryRegistry] = WeakSet()


def watch(registry: MediaFactoryRegistry) -> None:
    """Let ``registry`` take part in what happens at the end of the process."""
    _registries.add(registry)


def _at_exit() -> None:
    try:
        _finish_submissions()
    finally:
        _core.before_exit()


def _finish_submissions() -> None:
    """Wait for submissions that were not answered yet, then name what is still open.

    A task that the service has accepted can be found there again; one whose submission was cut
    off may have been paid for without anybody knowing.
    """
    from time import monotonic, sleep

    start = monotonic()
    registries = [registry for registry in _registries if not registry._core.is_inherited()]
    still_open: list[_core.Task] = []
    for registry in registries:
        still_open, grace = registry._core.open_tasks()
        while grace > monotonic() - start:
            sleep(0.02)
            still_open, grace = registry._core.open_tasks()
        if still_open and sys.stderr is not None:
            named = ", ".join(f"{task.id} ({task.media_type})" for task in still_open)
            sys.stderr.write(f"media_factory: still open at exit: {named}\n")


atexit.register(_at_exit)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_core.before_fork,
        after_in_parent=_core.after_fork_in_parent,
        after_in_child=_core.after_fork_in_child,
    )
