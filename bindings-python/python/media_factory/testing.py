"""For tests of your own application: a registry on which nothing moves by itself.

::

    bench = TestBench({"exchanges": [{"reply": {"status": 200, "json": {...}}}]})
    task = bench.registry.get_workflow("image").process({"prompt": "a lake"})
    bench.run()
    assert task.status == "completed"
    assert not bench.problems
"""

from __future__ import annotations

import json

from media_factory import _core
from media_factory.registry import MediaFactoryRegistry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

__all__ = ["TestBench", "mismatch"]


class TestBench:
    """Scripted transport, manual clock and scripted random numbers, with a registry on top.

    The clock starts at 2026-11-22T09:40:00Z. Waiting on a task, blocking or not, moves it: from
    sleeper to sleeper, until the task has ended or nothing is left that could end it.
    """

    __test__ = False  # pytest would take it for tests of its own.

    def __init__(self, scenario: Mapping[str, Any] | None = None) -> None:
        """Read a scenario of plain data, in which everything is optional.

        ``exchanges`` is a list of ``{"expect": {...}, "reply": {...}}``; each request is answered
        by the first that expects it and was not used yet, and ``"standing": true`` makes one answer
        any number. ``random`` is a list of numbers from 0 to 1 (0.5 from its end on), ``env``
        replaces the environment, ``scarce`` says whether connections are few, as in a page, so that
        tasks share one event stream, ``config`` is what ``MediaFactoryRegistry.configure`` takes.

        A reply has ``status`` (200), ``headers``, and one of ``json``, ``text``, ``base64`` or
        ``chunks`` (a list of such, with ``after`` for seconds of pause); or a ``fault``:
        ``refused dns tls torn hang``. Raises ``ConfigError`` when the scenario is malformed.
        """
        given = {} if scenario is None else dict(scenario)
        config = given.pop("config", None)
        self._core = _core.Harness(json.dumps(given))
        self.registry: MediaFactoryRegistry = MediaFactoryRegistry.__new__(MediaFactoryRegistry)
        """The registry that runs on this bench."""
        self.registry._open(_core.Registry(self._core))
        if config is not None:
            self.registry.configure(config)

    @property
    def elapsed(self) -> float:
        """Seconds on the clock since the start."""
        return self._core.elapsed

    @property
    def requests(self) -> list[dict[str, Any]]:
        """Requests so far: ``{at, method, url, headers, json | base64}``; ``at`` in seconds."""
        return self._core.requests

    @property
    def problems(self) -> list[str]:
        """What went otherwise than scripted: unexpected requests, and exchanges never used."""
        return self._core.problems

    def settle(self) -> None:
        """Run everything that can run without time passing."""
        self._core.settle()
        self._call_back()

    def advance(self, seconds: float) -> None:
        """Let time pass, stopping at every moment at which something is due."""
        self._core.advance(seconds)
        self._call_back()

    def run(self) -> None:
        """Jump from one due moment to the next until nothing is left to do."""
        self._core.run()
        self._call_back()

    def _call_back(self) -> None:
        """Let the dispatcher thread deliver what has happened."""
        from time import sleep

        while not self.registry.callbacks.is_idle():
            sleep(0.001)


def mismatch(expected: Any, actual: Any) -> str | None:
    """Say where ``actual`` differs from what a conformance vector expects; ``None`` if nowhere."""
    return _core.mismatch(json.dumps(expected), json.dumps(actual))
