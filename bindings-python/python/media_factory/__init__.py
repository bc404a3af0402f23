"""Images, video and voice from any generation service, or from the sandbox inside.

::

    from media_factory import MediaFactoryRegistry, MediaType

    images = MediaFactoryRegistry.get_workflow(MediaType.IMAGE, {"protocol": "sandbox"})
    task = images.process({"prompt": "mountains by a lake at sunset"})
    task.wait().outputs[0].save("lake")
"""

from media_factory._core import __version__
from media_factory.errors import (
    AmbiguousSubmit,
    AuthenticationFailed,
    ConfigError,
    ConnectionFailed,
    MediaFactoryError,
    NotFound,
    ProtocolError,
    QuotaExceeded,
    RateLimited,
    RequestTimeout,
    ServiceFailed,
    TaskCancelled,
    TaskFailed,
    TooLarge,
    Unsupported,
    ValidationError,
    WaitTimeout,
)
from media_factory.output import MediaOutput
from media_factory.registry import MediaFactoryRegistry
from media_factory.service_workflow import ImageWorkflow, VideoWorkflow, VoiceWorkflow
from media_factory.task import MediaTask
from media_factory.types import MediaType, ProcessingStatus
from media_factory.waiting import as_completed, as_completed_async, wait_all, wait_all_async
from media_factory.workflow import MediaFactory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from media_factory.events import EventStream, TaskEvent
    from media_factory.issues import ValidationIssue
    from media_factory.transport import TransportRequest, TransportResponse

__all__ = [
    "AmbiguousSubmit",
    "AuthenticationFailed",
    "ConfigError",
    "ConnectionFailed",
    "EventStream",
    "ImageWorkflow",
    "MediaFactory",
    "MediaFactoryError",
    "MediaFactoryRegistry",
    "MediaOutput",
    "MediaTask",
    "MediaType",
    "NotFound",
    "ProcessingStatus",
    "ProtocolError",
    "QuotaExceeded",
    "RateLimited",
    "RequestTimeout",
    "ServiceFailed",
    "TaskCancelled",
    "TaskEvent",
    "TaskFailed",
    "TooLarge",
    "TransportRequest",
    "TransportResponse",
    "Unsupported",
    "ValidationError",
    "ValidationIssue",
    "VideoWorkflow",
    "VoiceWorkflow",
    "WaitTimeout",
    "__version__",
    "as_completed",
    "as_completed_async",
    "wait_all",
    "wait_all_async",
]

# Dataclasses take longer to import than all the rest, and few programs name these.
_ON_DEMAND = {
    "EventStream": "events",
    "TaskEvent": "events",
    "TransportRequest": "transport",
    "TransportResponse": "transport",
    "ValidationIssue": "issues",
}


def __getattr__(name: str) -> object:
    """Import what is imported on demand."""
    if name not in _ON_DEMAND:
        raise AttributeError(f"module 'media_factory' has no attribute '{name}'")
    from importlib import import_module

    value = getattr(import_module(f"media_factory.{_ON_DEMAND[name]}"), name)
    globals()[name] = value
    return value
