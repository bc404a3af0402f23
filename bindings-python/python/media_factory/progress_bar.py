"""The bar of ``wait_all(..., progress=True)``."""

from __future__ import annotations

import sys
import threading

from media_factory.callbacks import Channel, Subscription
from media_factory.notebook import bar, bundle, display, in_kernel, uploading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

    from media_factory import _core
    from media_factory.events import TaskEvent
    from media_factory.notebook import Display
    from media_factory.task import MediaTask

__all__ = ["ProgressBar"]


class ProgressBar:
    """How many tasks have finished, and how much of their inputs has left while that goes on.

    A bar in notebooks, a line on terminals, else nothing.
    """

    def __init__(self, tasks: list[MediaTask]) -> None:
        """Show that none of ``tasks`` has finished."""
        self._tasks = tasks
        self._done = 0
        self._uploads: dict[str, tuple[int, int]] = {}
        self._line = ""
        self._display: Display | None = None
        # Whoever waits for the tasks counts them; a thread of its own hears of uploads meanwhile.
        self._lock = threading.Lock()
        self._channel = Channel()
        self._heard_of: list[tuple[_core.Task, int]] = []

    def __enter__(self) -> ProgressBar:
        """Begin to listen."""
        if in_kernel() or _terminal() is not None:
            for task in self._tasks:
                subscription = Subscription(self._channel, self._hear)
                key = task._core.subscribe(subscription.inbox, subscription.key)
                self._heard_of.append((task._core, key))
            name = "media-factory-progress"
            threading.Thread(target=self._channel.work, name=name, daemon=True).start()
        with self._lock:
            self._show()
        return self

    def __exit__(self, *_: object) -> None:
        """Listen no more."""
        for task, key in self._heard_of:
            task.unsubscribe(key)
        self._channel.inbox.close()

    def advance(self) -> None:
        """Count one more."""
        with self._lock:
            self._done += 1
            self._show()

    def _hear(self, event: TaskEvent) -> None:
        with self._lock:
            if event.sent_bytes is None or event.total_bytes is None:
                self._uploads.pop(event.task_id, None)
            else:
                self._uploads[event.task_id] = (event.sent_bytes, event.total_bytes)
            self._show()

    def _show(self) -> None:
        line = f"{self._done}/{len(self._tasks)} tasks finished"
        total = sum(total for _, total in self._uploads.values())
        if total:
            sent = sum(sent for sent, _ in self._uploads.values())
            line += f", {uploading(sent / total)}"
        before, self._line = self._line, line
        terminal = _terminal()
        if line == before:
            return
        if in_kernel():
            self._show_bar()
        elif terminal is not None:
            end = "\n" if self._done == len(self._tasks) else ""
            terminal.write(f"\r{line.ljust(len(before))}{end}")
            terminal.flush()

    def _show_bar(self) -> None:
        content = bundle(self._line, f"{bar(self._done / max(1, len(self._tasks)))} {self._line}")
        if self._display is None:
            self._display = display(content)
        else:
            self._display.update(content, raw=True)


def _terminal() -> TextIO | None:
    return sys.stderr if sys.stderr is not None and sys.stderr.isatty() else None
