"""Runs the bodies of custom workflows' tasks."""

from __future__ import annotations

import threading

from media_factory.callbacks import running_loop
from media_factory.types import ProcessingStatus

TYPE_CHECKING = False
if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable
    from concurrent.futures import ThreadPoolExecutor
    from typing import Any

    from media_factory.events import TaskEvent
    from media_factory.task import MediaTask

    Body = Callable[[MediaTask], Any]

__all__ = ["Bodies"]


class Bodies:
    """The worker threads and the asyncio tasks of one registry."""

    __slots__ = ("_lock", "_pool", "_running")

    def __init__(self) -> None:
        """Start nothing yet."""
        self._lock = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None
        # The event loop itself holds its tasks weakly only.
        self._running: set[asyncio.Task[None]] = set()

    def run(self, task: MediaTask, body: Body) -> None:
        """Run ``body(task)`` in the background and end ``task`` with what comes of it."""
        import inspect

        loop = running_loop()
        if loop is None or not inspect.iscoroutinefunction(body):
            self._threads().submit(_run_on_thread, task, body)
            return
        running = loop.create_task(_run_on_loop(task, body))
        self._running.add(running)
        running.add_done_callback(self._running.discard)

        def stop_when_cancelled(event: TaskEvent) -> None:
            if event.status is ProcessingStatus.CANCELLED:
                running.cancel()

        task.on_update(stop_when_cancelled)

    def _threads(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._pool is None:
                from concurrent.futures import ThreadPoolExecutor

                self._pool = ThreadPoolExecutor(thread_name_prefix="media-factory-body")
            return self._pool


def _run_on_thread(task: MediaTask, body: Body) -> None:
    import inspect

    if task.status.is_terminal:
        return
    try:
        task.start()
        result = body(task)
        if inspect.isawaitable(result):
            import asyncio

            result = asyncio.run(_awaited(result))
        _complete(task, result)
    except BaseException as error:
        _fail(task, error)
        if not isinstance(error, Exception):
            raise


async def _run_on_loop(task: MediaTask, body: Body) -> None:
    if task.status.is_terminal:
        return
    try:
        task.start()
        _complete(task, await body(task))
    except BaseException as error:
        _fail(task, error)
        if not isinstance(error, Exception):
            raise


async def _awaited(awaitable: Awaitable[Any]) -> Any:
    return await awaitable


def _complete(task: MediaTask, result: Any) -> None:
    # A body may have ended the task itself.
    if not task.status.is_terminal:
        task.complete(result)


def _fail(task: MediaTask, error: BaseException) -> None:
    if not task.status.is_terminal:
        task.fail(error)
