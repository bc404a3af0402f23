"""Moments of the core, which are milliseconds since the Unix epoch, as aware datetimes."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

__all__ = ["iso", "moment"]

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def moment(milliseconds: int) -> datetime:
    """Give that moment in UTC, exact to the millisecond."""
    return _EPOCH + timedelta(milliseconds=milliseconds)


def iso(milliseconds: int | None) -> str | None:
    """Give that moment as JavaScript writes it: ``2026-11-22T09:40:00.000Z``."""
    if milliseconds is None:
        return None
    return moment(milliseconds).strftime("%Y-%m-%dT%H:%M:%S.") + f"{milliseconds % 1000:03}Z"
