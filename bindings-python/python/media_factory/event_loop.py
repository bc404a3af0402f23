"""Waiting on asyncio. Imported only by code that runs on an event loop already.

Everything that can be waited for has ``poll(queue, future)``: it gives ``None`` when it is ready,
else a key, and resolves ``future`` through the loop's queue. One pipe wakes the loop for all that
has become ready, instead of one call for each.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from typing import Any, Protocol
from weakref import WeakKeyDictionary, ref

from media_factory import _core

__all__ = ["queue_of", "ready", "ready_within", "wait_for"]


class Pollable(Protocol):
    """A task, an event stream, a download."""

    def poll(self, queue: _core.LoopQueue, future: asyncio.Future[None], /) -> int | None:
        """Give ``None`` when it is ready, else the key under which ``future`` waits."""


_queues: WeakKeyDictionary[asyncio.AbstractEventLoop, _core.LoopQueue] = WeakKeyDictionary()


_latest: tuple[ref[asyncio.AbstractEventLoop], _core.LoopQueue] | None = None
"""The queue that was asked for last: most programs have one loop."""


def queue_of(loop: asyncio.AbstractEventLoop) -> _core.LoopQueue:
    """Give the queue of a loop; it lives as long as the loop."""
    global _latest  # noqa: PLW0603 (it only remembers)
    latest = _latest
    if latest is not None and latest[0]() is loop:
        return latest[1]
    queue = _known(loop)
    _latest = ref(loop), queue
    return queue


def _known(loop: asyncio.AbstractEventLoop) -> _core.LoopQueue:
    queue = _queues.get(loop)
    if queue is None:
        queue = _watched(loop)
        if queue is None:
            queue = _called(loop)
        _queues[loop] = queue
    return queue


def _watched(loop: asyncio.AbstractEventLoop) -> _core.LoopQueue | None:
    """Let the loop watch the queue's pipe; ``None`` where loops cannot do that."""
    queue = _core.LoopQueue()
    pipe = queue.fileno()
    if pipe is None:
        return None
    try:
        loop.add_reader(pipe, queue.drain)
    except NotImplementedError:
        return None
    return queue


def _called(loop: asyncio.AbstractEventLoop) -> _core.LoopQueue:
    """Let the queue call the loop."""
    weak = ref(loop)

    def ring() -> None:
        loop = weak()
        queue = None if loop is None else _queues.get(loop)
        if loop is not None and queue is not None and not loop.is_closed():
            loop.call_soon_threadsafe(queue.drain)

    return _core.LoopQueue(ring)


def wait_for(
    pollable: Pollable, cancelled: Callable[[], object] | None = None
) -> Generator[Any, None, None]:
    """Wait until it is ready, as an ``__await__`` does; ``cancelled`` is called if that is."""
    loop = asyncio.get_running_loop()
    queue = queue_of(loop)
    future: asyncio.Future[None] = loop.create_future()
    key = pollable.poll(queue, future)
    if key is None:
        return
    try:
        yield from future
    except BaseException as stopped:
        queue.forget(key)
        if cancelled is not None and isinstance(stopped, asyncio.CancelledError):
            cancelled()
        raise


class ready:  # noqa: N801 (it is awaited like a function)
    """Waits until something is ready: ``await ready(download)``."""

    __slots__ = ("_pollable",)

    def __init__(self, pollable: Pollable) -> None:
        """Wait for ``pollable``."""
        self._pollable = pollable

    def __await__(self) -> Generator[Any, None, None]:
        """Wait."""
        return wait_for(self._pollable)


async def ready_within(pollable: Pollable, timeout: float | None) -> None:
    """Wait until something is ready, for ``timeout`` seconds at most."""

    async def wait() -> None:
        await ready(pollable)

    try:
        await asyncio.wait_for(wait(), timeout)
    except asyncio.TimeoutError:
        # Whoever waits asks what has come of it, which says so too.
        return
