"""Typed use of the package: what a type checker has to accept, and what it has to refuse.

Nothing here runs. Lines that must be refused carry an ignore; strict mypy reports every ignore
that ignores nothing, so that this file fails to check when a refusal is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from typing_extensions import assert_type

import factories.media
from factories.media.base import MediaTask as Record
from factories.media.base import ProcessingStatus as RecordStatus
from media_factory import (
    ImageWorkflow,
    MediaFactory,
    MediaFactoryError,
    MediaFactoryRegistry,
    MediaOutput,
    MediaTask,
    MediaType,
    ProcessingStatus,
    TaskEvent,
    TransportRequest,
    TransportResponse,
    ValidationError,
    ValidationIssue,
    VideoWorkflow,
    VoiceWorkflow,
    as_completed,
    as_completed_async,
    wait_all,
    wait_all_async,
)
from media_factory.testing import TestBench

images = MediaFactoryRegistry.get_workflow(MediaType.IMAGE)
assert_type(images, ImageWorkflow)
assert_type(MediaFactoryRegistry.get_workflow("video", {"protocol": "sandbox"}), VideoWorkflow)
assert_type(MediaFactoryRegistry().get_workflow(MediaType.VOICE), VoiceWorkflow)
assert_type(MediaFactoryRegistry.get_workflow("music"), MediaFactory)
MediaFactoryRegistry.get_workflow(5)  # type: ignore[call-overload]
MediaFactoryRegistry.configure(None)  # type: ignore[arg-type]

task = images.process({"prompt": "a lake", "hdr": True}, timeout=30, on_update=print)
assert_type(task, MediaTask)
assert_type(task.status, ProcessingStatus)
assert_type(task.created_at, datetime)
assert_type(task.finished_at, datetime | None)
assert_type(task.progress, float | None)
assert_type(task.error, MediaFactoryError | None)
assert_type(task.outputs, list[MediaOutput])
assert_type(task.wait(timeout=1.5), MediaTask)
assert_type(task.cancel(), bool)
task.status = ProcessingStatus.FAILED  # type: ignore[misc]
nothing = task.nothing  # type: ignore[attr-defined]
images.process("a lake")  # type: ignore[arg-type]
images.process({"prompt": "a lake"}, timeout="soon")  # type: ignore[arg-type]
images.text_to_speech("hello")  # type: ignore[attr-defined]
task.on_update(5)  # type: ignore[arg-type]

output = task.outputs[0]
assert_type(output.read(), bytes)
assert_type(output.save("lake"), Path)
assert_type(output.width, int | None)
output.save(5)  # type: ignore[arg-type]

assert_type(images.check({}), list[ValidationIssue])
assert_type(images.validate_parameters({}), bool)
assert_type(images.batch_process([{"prompt": "a"}]), list[MediaTask])
assert_type(images.list_tasks(ProcessingStatus.COMPLETED), list[MediaTask])
assert_type(images.get_task("id"), MediaTask | None)
assert_type(MediaFactoryRegistry.list_available_workflows(), list[MediaType | str])
assert_type(wait_all([task], progress=True), list[MediaTask])
for finished in as_completed([task], timeout=5):
    assert_type(finished, MediaTask)
for event in task.events():
    assert_type(event, TaskEvent)
    assert_type(event.at, datetime)
    event.kind = "log"  # type: ignore[misc]


async def awaited() -> None:
    assert_type(await task, MediaTask)
    assert_type(await task.wait_async(), MediaTask)
    assert_type(await output.read_async(), bytes)
    assert_type(await wait_all_async([task]), list[MediaTask])
    async for finished in as_completed_async([task]):
        assert_type(finished, MediaTask)
    async for event in task.events():
        assert_type(event, TaskEvent)


def carry(request: TransportRequest) -> TransportResponse:
    return TransportResponse(200, {}, request.body)


ImageWorkflow({"transport": carry})


class MusicWorkflow(MediaFactory):
    def process(self, parameters: Mapping[str, Any]) -> MediaTask:
        return self.run_task(parameters, self.compose)

    def compose(self, task: MediaTask) -> bytes:
        task.report_progress(0.5, "composing")
        return b""


MediaFactoryRegistry.register("music", MusicWorkflow)
MediaFactoryRegistry.register("music", MusicWorkflow())  # type: ignore[arg-type]
MediaFactory()  # type: ignore[abstract]

try:
    images.process({})
except ValidationError as error:
    assert_type(error.issues, list[ValidationIssue])
    assert_type(error.code, str)

assert_type(TestBench({}).registry, MediaFactoryRegistry)

old = factories.media.ImageWorkflow({"timeout": 300})
record = old.process({"prompt": "a lake"})
assert_type(record, Record)
assert_type(record.error, str | None)
assert_type(record.live, MediaTask | None)
assert_type(old.batch_process([{}]), list[Record])
record.status = RecordStatus.CANCELLED
record.status = "cancelled"  # type: ignore[assignment]
