"""Calls ``on_update`` functions, in order.

A subscription made under a running event loop is called on that loop, every other one on the
registry's dispatcher thread.
"""

from __future__ import annotations

import sys
import threading
from itertools import count
from weakref import WeakKeyDictionary, finalize

from media_factory import _core

TYPE_CHECKING = False
if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from typing import Any

    from media_factory.events import TaskEvent

    Callback = Callable[[TaskEvent], object]

__all__ = ["Callbacks", "Subscription", "running_loop"]

_subscriptions = count(1)


def running_loop() -> asyncio.AbstractEventLoop | None:
    """Give the event loop that runs on this thread; asyncio is not imported for that."""
    module = sys.modules.get("asyncio")
    if module is None:
        return None
    loop: asyncio.AbstractEventLoop | None = module._get_running_loop()
    return loop


class Subscription:
    """One callback and where its events arrive."""

    __slots__ = ("_channel", "inbox", "key")

    def __init__(self, channel: Channel, callback: Callback) -> None:
        """Let events under ``key`` in ``inbox`` go to ``callback``."""
        self._channel = channel
        self.inbox = channel.inbox
        self.key = next(_subscriptions)
        channel.callbacks[self.key] = callback

    def end(self) -> None:
        """Call nobody any more, not even for what has arrived already."""
        self._channel.callbacks.pop(self.key, None)


class Channel:
    """An inbox and the callbacks that its events go to."""

    __slots__ = ("__weakref__", "callbacks", "inbox")

    def __init__(self) -> None:
        """Make an empty one."""
        self.inbox = _core.Inbox()
        self.callbacks: dict[int, Callback] = {}

    def deliver(self, arrived: list[tuple[int, dict[str, Any]]]) -> None:
        """Call whoever the events are for. A callback that raises is reported, and harms nobody."""
        from media_factory.events import event_of

        before = _core.entered_callback(True)
        try:
            for key, told in arrived:
                callback = self.callbacks.get(key)
                if callback is None:
                    continue
                event = event_of(told)
                if event.is_terminal:
                    self.callbacks.pop(key, None)
                try:
                    callback(event)
                except Exception:
                    _report(callback, event)
        finally:
            _core.entered_callback(before)

    def deliver_all(self) -> None:
        """Deliver what has arrived, on an event loop."""
        self.deliver(self.inbox.take())

    def work(self) -> None:
        """Deliver until the inbox is closed, on a thread."""
        while (arrived := self.inbox.wait()) is not None:
            self.deliver(arrived)


def _report(callback: Callback, event: TaskEvent) -> None:
    import logging

    logging.getLogger("media_factory").exception(
        "on_update %r raised on the %s event of task %s", callback, event.kind, event.task_id
    )


class Callbacks:
    """The channels of one registry."""

    __slots__ = ("__weakref__", "_lock", "_loops", "_thread")

    def __init__(self) -> None:
        """Start nothing yet."""
        self._lock = threading.Lock()
        self._thread: Channel | None = None
        self._loops: WeakKeyDictionary[asyncio.AbstractEventLoop, Channel] = WeakKeyDictionary()

    def subscription(self, callback: Callback) -> Subscription:
        """Make a subscription for the running loop, or for the dispatcher thread."""
        if not callable(callback):
            from media_factory.issues import wrong_argument

            message = f"on_update must be a function, not {type(callback).__name__}"
            raise wrong_argument("on_update", message)
        loop = running_loop()
        channel = self._of_thread() if loop is None else self._of_loop(loop)
        return Subscription(channel, callback)

    def is_idle(self) -> bool:
        """Whether the dispatcher thread has nothing to deliver."""
        return self._thread is None or self._thread.inbox.is_idle()

    def _of_thread(self) -> Channel:
        with self._lock:
            if self._thread is None:
                channel = self._thread = Channel()
                finalize(self, channel.inbox.close).atexit = False
                name = "media-factory-callbacks"
                threading.Thread(target=channel.work, name=name, daemon=True).start()
            return self._thread

    def _of_loop(self, loop: asyncio.AbstractEventLoop) -> Channel:
        channel = self._loops.get(loop)
        if channel is None:
            from media_factory.event_loop import queue_of

            channel = self._loops[loop] = Channel()
            channel.inbox.ring(queue_of(loop), channel.deliver_all)
        return channel
