"""Runs every vector under ``tests/conformance`` through the public API.

Rust and JavaScript run the same files; the format is described in ``tests/conformance/README.md``.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

import media_factory
from media_factory import MediaFactoryError, TaskCancelled, TaskFailed, WaitTimeout
from media_factory.testing import TestBench, mismatch

FOLDER = Path(__file__).parent.parent / "conformance"
LEAST_VECTORS = 100
START = 1_795_340_400.0  # 2026-11-22T09:40:00Z

ISSUE_MEMBERS = ("path", "code", "allowed", "suggestion")
ERROR_MEMBERS = (
    "code", "message", "hint", "retryable", "status", "attempts", "task_id", "remote_id",
    "retry_after",
)  # fmt: skip
OUTPUT_MEMBERS = ("mime_type", "width", "height", "duration", "seed", "url", "size")
TASK_MEMBERS = (
    "task_id", "media_type", "status", "parameters", "progress", "stage", "eta_seconds",
    "metadata", "remote_id", "attempts",
)  # fmt: skip
MOMENTS = ("created_at", "started_at", "updated_at", "finished_at")
EVENT_MEMBERS = (
    "seq", "task_id", "kind", "status", "remote_id", "progress", "stage", "eta_seconds",
    "sent_bytes", "total_bytes", "message", "attempt", "delay", "reason", "task",
)  # fmt: skip


def is_vector(file: Path) -> bool:
    inner = file.relative_to(FOLDER)
    return (
        len(inner.parts) == 2
        and inner.parts[0] != "common"
        and inner.suffix == ".json"
        and inner != Path("errors/codes.json")
    )


VECTORS = sorted(file for file in FOLDER.rglob("*") if is_vector(file))


def read(file: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return content


def cases_of(vector: dict[str, Any]) -> list[dict[str, Any]]:
    if "cases" not in vector:
        return [vector]
    given = vector.get("given", {})
    return [{**case, "given": {**given, **case.get("given", {})}} for case in vector["cases"]]


def value(plain: Any) -> Any:
    """Read what JSON lacks from tagged objects."""
    if isinstance(plain, list):
        return [value(item) for item in plain]
    if not isinstance(plain, dict):
        return plain
    tag, content = next(iter(plain.items()), ("", None))
    if not tag.startswith("$"):
        return {key: value(item) for key, item in plain.items()}
    match tag:
        case "$nan":
            return float("nan")
        case "$inf":
            return float("inf") * content
        case "$huge":
            return int(content)
        case "$lone_surrogate":
            return "\ud83e"
        case "$object":
            return object()
        case "$bytes":
            encoded, length = content if isinstance(content, list) else (content, 0)
            return base64.b64decode(encoded).ljust(length, b"\0")
        case "$repeat":
            return content[0] * content[1]
        case "$items":
            return [value(content[0])] * content[1]
    raise AssertionError(f"unknown tag {tag}")


class Played:
    """One case, played to where nothing moves any more."""

    def __init__(self, case: dict[str, Any]) -> None:
        given = case["given"]
        # The environment of whoever runs the tests must not show.
        scenario = {"env": {}, **{key: given[key] for key in SCENARIO if key in given}}
        self.bench = TestBench(scenario)
        self.workflow: Any = None
        self.issues: list[Any] = []
        self.error: MediaFactoryError | None = None
        self.tasks: list[Any] = []
        self.events: list[Any] = []
        self.problems: list[str] = []
        streams: list[Any] = []
        try:
            self.start(given)
        except MediaFactoryError as error:
            self.error = error
        for action in case.get("when", []):
            ahead = action["at"] - self.bench.elapsed
            if ahead > 0:
                self.bench.advance(ahead)
            gave = self.act(action, streams)
            if "gives" in action and gave != action["gives"]:
                self.problems.append(f"{action['do']} gave {gave}, not {action['gives']}")
        self.bench.run()
        self.elapsed = self.bench.elapsed
        self.followed = [list(stream) for stream in streams]

    def start(self, given: dict[str, Any]) -> None:
        registry = self.bench.registry
        if given.get("defaults") is not None:
            registry.configure(value(given["defaults"]))
        config = value(given.get("config") or {})
        self.workflow = registry.get_workflow(given.get("media_type", "image"), config)
        options = {**given.get("options", {}), "on_update": self.events.append}
        if given.get("batch") is not None:
            self.tasks = self.workflow.batch_process([value(item) for item in given["batch"]])
        elif given.get("call") is not None:
            name, arguments = next(iter(given["call"].items()))
            arguments = {CALLED.get(key, key): value(item) for key, item in arguments.items()}
            self.tasks = [getattr(self.workflow, name)(**arguments, **options)]
        elif given.get("parameters") is not None:
            parameters = value(given["parameters"])
            self.issues = self.workflow.check(parameters)
            assert self.workflow.validate_parameters(parameters) is (not self.issues)
            if self.issues or "exchanges" in given:
                self.tasks = [self.workflow.process(parameters, **options)]

    def act(self, action: dict[str, Any], streams: list[Any]) -> Any:
        task = self.tasks[action.get("task", 0)] if self.tasks else None
        match action["do"]:
            case "cancel":
                return task.cancel()
            case "wait":
                return waited(task, action.get("timeout"))
            case "follow":
                streams.append(task.events())
                return None
            case "process":
                try:
                    self.tasks.append(self.workflow.process(value(action["parameters"])))
                except MediaFactoryError as error:
                    return {"code": error.code, "issues": [plain_issue(i) for i in error.issues]}
                return None
            case "list":
                what = action["what"]
                name = "health" if what == "health" else f"list_{what}"
                try:
                    return getattr(self.workflow, name)()
                except MediaFactoryError as error:
                    return {"code": error.code}
        raise AssertionError(f"unknown action {action}")


SCENARIO = ("exchanges", "random", "env", "scarce")
CALLED = {"images": "image_sequence"}


def waited(task: Any, timeout: float | None) -> Any:
    try:
        assert task.wait(timeout) is task
    except (TaskFailed, TaskCancelled, WaitTimeout) as error:
        return {"raised": type(error).__name__, "code": error.code}
    return "completed"


def plain_issue(issue: Any) -> dict[str, Any]:
    members = {key: getattr(issue, key) for key in ISSUE_MEMBERS}
    if members["allowed"] is not None:
        members["allowed"] = list(members["allowed"])
    return {key: member for key, member in members.items() if member is not None}


def plain_error(error: MediaFactoryError | None) -> dict[str, Any] | None:
    if error is None:
        return None
    members = {key: getattr(error, key) for key in ERROR_MEMBERS}
    return {**members, "issues": [plain_issue(issue) for issue in error.issues]}


def plain_task(task: Any) -> dict[str, Any]:
    members = {key: getattr(task, key) for key in TASK_MEMBERS}
    members |= {key: seconds(getattr(task, key)) for key in MOMENTS}
    outputs = [plain_output(output) for output in task.outputs]
    raw = None if task.result is None else task.result["raw"]
    return {**members, "outputs": outputs, "raw": raw, "error": plain_error(task.error)}


def plain_output(output: Any) -> dict[str, Any]:
    return {key: getattr(output, key) for key in OUTPUT_MEMBERS}


def plain_event(event: Any) -> dict[str, Any]:
    members = {key: getattr(event, key) for key in EVENT_MEMBERS}
    output = None if event.output is None else plain_output(event.output)
    error = plain_error(event.error)
    return {**members, "at": seconds(event.at), "error": error, "output": output}


def seconds(moment: Any) -> float | None:
    return None if moment is None else round(moment.timestamp() - START, 3)


def plain_outputs(played: Played, folder: Path) -> list[dict[str, Any]]:
    seen: list[dict[str, Any]] = []
    for output in (output for task in played.tasks for output in task.outputs):
        try:
            content = output.read()
            extension = output.save(folder / f"output{len(seen)}").suffix.removeprefix(".")
        except MediaFactoryError as error:
            seen.append({"error": plain_error(error)})
            continue
        try:
            seen.append({"text": content.decode(), "extension": extension})
        except UnicodeDecodeError:
            encoded = base64.b64encode(content).decode()
            seen.append({"base64": encoded, "extension": extension})
    return seen


def same(a: Any, b: Any) -> bool:
    """Equal, with numbers compared by value and booleans kept apart from them."""
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return bool(a == b)


def with_ids(expected: Any, ids: list[str]) -> Any:
    """Put the ids of the tasks in: ``{id}`` for the first, ``{id:1}`` for the second."""
    if isinstance(expected, str):
        for place, known in enumerate(ids):
            expected = expected.replace(f"{{id:{place}}}", known)
        return expected.replace("{id}", ids[0]) if ids else expected
    if isinstance(expected, list):
        return [with_ids(item, ids) for item in expected]
    if isinstance(expected, dict):
        return {key: with_ids(item, ids) for key, item in expected.items()}
    return expected


def differences(case: dict[str, Any], folder: Path) -> list[str]:
    played = Played(case)
    found = list(played.problems)
    expected = with_ids(case["then"], [task.task_id for task in played.tasks])
    for member, wanted in expected.items():
        problem = compare(played, member, wanted, folder)
        if problem:
            found.append(f"{member}{problem}")
    if played.error is not None and not expected.keys() & {"issues", "error"}:
        found.append(f"raised {played.error!r}")
    return found + played.bench.problems + broken_promises(played)


def compare(played: Played, member: str, wanted: Any, folder: Path) -> str | None:
    match member:
        case "issues":
            issues = [plain_issue(issue) for issue in played.issues]
            raised = issues if played.error is None else plain_error(played.error)["issues"]  # type: ignore[index]
            return None if issues == wanted == raised else f": found {issues}, raised {raised}"
        case "error":
            assert played.error is not None, "nothing was raised"
            return mismatch(wanted, plain_error(played.error))
        case "task":
            return differ(wanted, plain_task(played.tasks[0]))
        case "tasks":
            return differ(wanted, [plain_task(task) for task in played.tasks])
        case "events":
            return differ(wanted, [plain_event(event) for event in played.events])
        case "followed":
            return differ(wanted, [[plain_event(e) for e in events] for events in played.followed])
        case "requests":
            return differing_requests(wanted, played.bench.requests)
        case "elapsed":
            return mismatch(wanted, played.elapsed)
        case "outputs":
            return mismatch(wanted, plain_outputs(played, folder))
        case "listed":
            return mismatch(wanted, [task.task_id for task in played.bench.registry.list_tasks()])
        case "capabilities":
            seen = played.workflow.get_capabilities()
            return None if seen == wanted else f": got {seen}"
    raise AssertionError(f"unknown member of then: {member}")


def differ(wanted: Any, seen: Any) -> str | None:
    return mismatch(wanted, json.loads(json.dumps(seen, default=repr)))


def differing_requests(wanted: list[Any], seen: list[Any]) -> str | None:
    problem = mismatch(wanted, seen)
    if problem:
        return problem
    for expected, request in zip(wanted, seen, strict=True):
        if "json" in expected and not same(expected["json"], request.get("json")):
            return f".json: expected {expected['json']}, got {request.get('json')}"
    return None


def broken_promises(played: Played) -> list[str]:
    """Say what does not hold that holds in every vector."""
    broken = []
    events = [plain_event(event) for event in played.events]
    if [event["seq"] for event in events] != list(range(1, len(events) + 1)):
        broken.append("seq has gaps")
    if [event["at"] for event in events] != sorted(event["at"] for event in events):
        broken.append("events run backwards in time")
    tasks = [plain_task(task) for task in played.tasks]
    told = json.dumps([events, tasks, plain_error(played.error)], default=repr)
    shown = f"{played.error!r} {played.workflow!r} {played.tasks!r} {played.events!r}"
    plain = json.dumps([task.to_dict() for task in played.tasks])
    # Vectors mark what must never show by this word.
    if "s3cret" in told + shown + plain:
        broken.append(f"a secret shows: {told} {shown}")
    for task in tasks:
        times = [task[key] for key in ("created_at", "started_at", "updated_at") if task[key]]
        if times != sorted(times):
            broken.append(f"times out of order: {times}")
        if task["status"] == "completed" and task["progress"] != 1:
            broken.append("completed without progress 1")
    return broken


@pytest.mark.parametrize("file", VECTORS, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_vector(file: Path, tmp_path: Path) -> None:
    problems = []
    for place, case in enumerate(cases_of(read(file))):
        folder = tmp_path / str(place)
        about = case.get("about", "")
        problems += [f"case {place} ({about}): {found}" for found in differences(case, folder)]
    assert not problems, "\n".join(problems)


def test_the_collection_is_whole() -> None:
    data = {FOLDER / "README.md", FOLDER / "errors" / "codes.json", *(FOLDER / "common").glob("*")}
    files = {file for file in FOLDER.rglob("*") if file.is_file()}
    assert files - data == set(VECTORS), "files that no runner runs"
    assert len(VECTORS) >= LEAST_VECTORS


def test_every_code_has_its_class() -> None:
    rows = read(FOLDER / "errors" / "codes.json")["codes"]
    assert len({row["code"] for row in rows}) == len(rows)
    for row in rows:
        error = named_by_the_service(row["code"])
        assert (error.code, error.retryable) == (row["code"], row["retryable"])
        assert type(error) is getattr(media_factory, row["class"])
        if row["class"] != "MediaFactoryError":
            assert type(error).code == row["code"]


def named_by_the_service(code: str) -> MediaFactoryError:
    """Give the error that a task ends with when a service answers with that code."""
    reply = {"status": 400, "json": {"error": {"code": code, "message": "no"}}}
    bench = TestBench({"env": {}, "exchanges": [{"reply": reply}]})
    task = bench.registry.get_workflow("image").process({"prompt": "A fox"})
    bench.run()
    assert task.error is not None
    return task.error
