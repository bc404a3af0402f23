"""The service is killed within a batch and started again: nothing is lost or made twice."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from native_service import running

from media_factory import ImageWorkflow, MediaTask, wait_all

TASKS = 200
OPTIONS = ["--faults", "--only", "image", "--data-dir"]
CONFIG: dict[str, Any] = {"timeout": 60, "retry": {"base_delay": 0.05, "max_delay": 0.2}}


def test_a_batch_outlives_its_service(tmp_path: Path) -> None:
    with running(*OPTIONS, str(tmp_path)) as service:
        images = ImageWorkflow(service.config(**CONFIG))
        tasks = images.batch_process(
            {"prompt": f"planet {number}", "resolution": "16x16"} for number in range(TASKS)
        )
        while completed(tasks) < TASKS // 5:
            time.sleep(0.01)
        service.kill()
        assert completed(tasks) < TASKS
        port = service.address()[1]
    with running(*OPTIONS, str(tmp_path), port=port) as service:
        wait_all(tasks, timeout=60)
        assert [task.status for task in tasks] == ["completed"] * TASKS
        generations = service.counters()["generations"]
        assert [generations[task.task_id] for task in tasks] == [1] * TASKS
        sizes = [(len(task.outputs[0].read()), task.outputs[0].size) for task in tasks]
        assert [read for read, _ in sizes] == [told for _, told in sizes]


def completed(tasks: list[MediaTask]) -> int:
    return sum(task.status == "completed" for task in tasks)
