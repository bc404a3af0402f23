"""Moments of the core, which are milliseconds since the Unix epoch, as aware datetimes."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["moment", "plain_task"]

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def moment(milliseconds: int) -> datetime:
    """Give that moment in UTC, exact to the millisecond."""
    return _EPOCH + timedelta(milliseconds=milliseconds)


def _iso(milliseconds: int | None) -> str | None:
    """Give that moment as JavaScript writes it: ``2026-11-22T09:40:00.000Z``."""
    if milliseconds is None:
        return None
    return moment(milliseconds).strftime("%Y-%m-%dT%H:%M:%S.") + f"{milliseconds % 1000:03}Z"


def plain_task(snapshot: dict[str, Any]) -> dict[str, Any]:
    """Give the core's snapshot with times as ISO 8601 text."""
    times = ("created_at", "started_at", "updated_at", "finished_at")
    return {**snapshot, **{key: _iso(snapshot[key]) for key in times}}
