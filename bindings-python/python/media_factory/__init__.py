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
    ValidationIssue,
    WaitTimeout,
)
from media_factory.events import EventStream, TaskEvent
from media_factory.output import MediaOutput
from media_factory.registry import MediaFactoryRegistry
from media_factory.task import MediaTask
from media_factory.transport import TransportRequest, TransportResponse
from media_factory.types import MediaType, ProcessingStatus
from media_factory.waiting import as_completed, as_completed_async, wait_all, wait_all_async
from media_factory.workflow import ImageWorkflow, MediaFactory, VideoWorkflow, VoiceWorkflow

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
