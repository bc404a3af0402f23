"""The words of the field: what is made, and where a task stands."""

from __future__ import annotations

from enum import Enum

__all__ = ["MediaType", "ProcessingStatus"]


class MediaType(str, Enum):
    """What a workflow makes. A member equals its value: ``MediaType.IMAGE == "image"``."""

    IMAGE = "image"
    """Pictures."""
    VIDEO = "video"
    """Films."""
    VOICE = "voice"
    """Speech and other sound."""

    def __str__(self) -> str:
        """Give the value, as it is on the wire and in JavaScript."""
        return self.value


class ProcessingStatus(str, Enum):
    """Where a task stands; the last three are terminal and never change again."""

    PENDING = "pending"
    """Created, or accepted by the service but not yet running."""
    PROCESSING = "processing"
    """The service is working on it."""
    COMPLETED = "completed"
    """Finished with a result."""
    FAILED = "failed"
    """Ended with an error."""
    CANCELLED = "cancelled"
    """Stopped by the user."""

    def __str__(self) -> str:
        """Give the value, as it is on the wire and in JavaScript."""
        return self.value

    @property
    def is_terminal(self) -> bool:
        """Whether no further change is legal."""
        return self in _TERMINAL


_TERMINAL = frozenset(
    {ProcessingStatus.COMPLETED, ProcessingStatus.FAILED, ProcessingStatus.CANCELLED}
)


def media_type_of(name: str) -> MediaType | str:
    """Give the member of that value, or the name itself for custom workflows."""
    try:
        return MediaType(name)
    except ValueError:
        return name
