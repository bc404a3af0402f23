"""A transport of your own: ``config={"transport": callable}``.

The callable carries one HTTP exchange: it takes a ``TransportRequest`` and gives a
``TransportResponse``, or a tuple ``(status, headers, body)``. A plain function runs on a worker
thread; what an ``async`` function gives is awaited on an event loop of Media Factory's own. It
carries and no more: repeating, following and timeouts are the SDK's business, and a status other
than 2xx is an answer, not an error.

What it raises ends the exchange as one that may have reached the service, and comes back as the
``__cause__`` of the task's error. Raise ``media_factory.ConnectionFailed`` when nothing was sent,
so that it may be tried again.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias
from weakref import WeakValueDictionary

from media_factory import _core

if TYPE_CHECKING:
    import asyncio

__all__ = ["Transport", "TransportRequest", "TransportResponse", "own_transport"]


@dataclass(frozen=True)
class TransportRequest:
    """A request to be carried. Its ``repr`` shows neither headers nor body."""

    method: str
    """``GET``, ``POST`` or ``DELETE``."""
    url: str
    """Absolute."""
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    """Names in lower case. They may hold credentials."""
    body: bytes = field(default=b"", repr=False)
    """Empty when there is none."""


@dataclass(frozen=True)
class TransportResponse:
    """An answer. Its ``repr`` shows neither headers nor body."""

    status: int
    """The HTTP status."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Names in any case."""
    body: bytes = field(default=b"", repr=False)
    """All of it, not compressed."""


Answer: TypeAlias = TransportResponse | tuple[int, Mapping[str, str], bytes]
Transport: TypeAlias = Callable[[TransportRequest], Answer | Awaitable[Answer]]

_known: WeakValueDictionary[tuple[int, Transport], _core.OwnTransport] = WeakValueDictionary()


def own_transport(transport: Transport, registry: _core.Registry) -> _core.OwnTransport:
    """Give the core's side of a callable: the same for the same one, as long as it is in use."""
    key = (id(registry), transport)
    try:
        known = _known.get(key)
    except TypeError:
        # A callable without a hash is its own only self.
        return _core.OwnTransport(_Carrier(transport).carry, registry)
    if known is None:
        known = _known[key] = _core.OwnTransport(_Carrier(transport).carry, registry)
    return known


class _Carrier:
    """Calls a user's transport, and leaves what it gives with the core."""

    __slots__ = ("_transport",)

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def carry(
        self, method: str, url: str, headers: dict[str, str], body: bytes, reply: _core.Reply
    ) -> None:
        """Carry one exchange; called on a worker thread, which forwards what this raises."""
        given = self._transport(TransportRequest(method, url, headers, body))
        if not isinstance(given, Awaitable):
            _leave(given, reply)
            return
        import asyncio

        running = asyncio.run_coroutine_threadsafe(_finish(given, reply), _loop.get())
        reply.stop_with(running.cancel)


async def _finish(given: Awaitable[Answer], reply: _core.Reply) -> None:
    try:
        _leave(await given, reply)
    except BaseException as error:
        reply.fail(error)
        if not isinstance(error, Exception):
            raise


def _leave(given: object, reply: _core.Reply) -> None:
    if isinstance(given, TransportResponse):
        status, headers, body = given.status, given.headers, given.body
    elif isinstance(given, tuple) and len(given) == 3:
        status, headers, body = given
    else:
        kind = type(given).__name__
        raise TypeError(f"a transport gives (status, headers, body), not {kind}")
    pairs: Iterable[Any] = headers.items() if isinstance(headers, Mapping) else headers or ()
    content = body.encode() if isinstance(body, str) else bytes(body or b"")
    reply.answer(int(status), [(str(name), str(value)) for name, value in pairs], content)


class _BackgroundLoop:
    """An event loop on a thread of its own, started when it is first needed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._process = 0

    def get(self) -> asyncio.AbstractEventLoop:
        """Give the loop of this process; a forked child starts its own."""
        with self._lock:
            if self._loop is None or self._process != os.getpid():
                import asyncio

                self._loop = asyncio.new_event_loop()
                self._process = os.getpid()
                name = "media-factory-transport"
                threading.Thread(target=self._loop.run_forever, name=name, daemon=True).start()
            return self._loop


_loop = _BackgroundLoop()
