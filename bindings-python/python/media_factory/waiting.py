"""Waiting for many tasks."""

from __future__ import annotations

from media_factory import _core

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator

    from media_factory.task import MediaTask

__all__ = ["as_completed", "as_completed_async", "wait_all", "wait_all_async"]


def wait_all(
    tasks: Iterable[MediaTask],
    timeout: float | None = None,
    raise_on_error: bool = False,
    progress: bool = False,
) -> list[MediaTask]:
    """Block until all are terminal and give them back in the order of the input.

    A task that FAILED or was CANCELLED is given back like the others, unless ``raise_on_error``:
    then the first of them in that order raises as ``MediaTask.wait`` does. ``progress`` shows how
    many have finished and how far their uploads are: a bar in a notebook, or a line on stderr
    where that is a terminal.

    Raises ``WaitTimeout`` after ``timeout`` seconds in all; the tasks go on.
    """
    waited = list(tasks)
    finishers = _core.Finishers([task._core for task in waited], timeout)
    if progress:
        from media_factory.progress_bar import ProgressBar

        with ProgressBar(waited) as shown:
            while finishers.next() is not None:
                shown.advance()
    else:
        finishers.all()
    if raise_on_error:
        for task in waited:
            task._settled(None)
    return waited


async def wait_all_async(
    tasks: Iterable[MediaTask],
    timeout: float | None = None,
    raise_on_error: bool = False,
    progress: bool = False,
) -> list[MediaTask]:
    """Do what ``wait_all`` does without blocking the event loop."""
    waited = list(tasks)
    if progress:
        from media_factory.progress_bar import ProgressBar

        with ProgressBar(waited) as shown:
            async for _ in as_completed_async(waited, timeout):
                shown.advance()
    else:
        async for _ in as_completed_async(waited, timeout):
            pass
    if raise_on_error:
        for task in waited:
            task._settled(None)
    return waited


def as_completed(tasks: Iterable[MediaTask], timeout: float | None = None) -> Iterator[MediaTask]:
    """Give the tasks in the order in which they finish, however they end; blocks in between.

    Raises ``WaitTimeout`` after ``timeout`` seconds in all; the tasks go on.
    """
    waited = list(tasks)
    finishers = _core.Finishers([task._core for task in waited], timeout)
    while (place := finishers.next()) is not None:
        yield waited[place]


async def as_completed_async(
    tasks: Iterable[MediaTask], timeout: float | None = None
) -> AsyncIterator[MediaTask]:
    """Do what ``as_completed`` does without blocking the event loop."""
    from media_factory.event_loop import ready_within

    waited = list(tasks)
    finishers = _core.Finishers([task._core for task in waited], timeout)
    while True:
        await ready_within(finishers, finishers.left())
        place = finishers.next()
        if place is None:
            return
        yield waited[place]
