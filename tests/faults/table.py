"""``cases.json``: what goes wrong, and what the SDK must make of it."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TABLE = json.loads(Path(__file__).with_name("cases.json").read_text(encoding="utf-8"))


@dataclass
class Case:
    """One row, with the table's defaults filled in for one column."""

    name: str
    rules: list[Any]
    medium: str
    parameters: dict[str, Any]
    config: dict[str, Any]
    then: dict[str, Any]
    batch: int | None
    cancel: str | float | None


@dataclass
class Seen:
    """What a client saw of one task."""

    task_id: str
    status: str
    code: str | None
    output: str | None = None
    events: dict[str, int] = field(default_factory=dict)


def cases(column: str) -> list[Case]:
    return [_case(row, column) for row in TABLE["cases"]]


def _case(row: dict[str, Any], column: str) -> Case:
    defaults = TABLE["defaults"]
    exception = row.get("except", {}).get(column, {})
    return Case(
        name=row["name"],
        rules=row["rules"],
        medium=row.get("medium", defaults["medium"]),
        parameters=_filled(row.get("parameters", defaults["parameters"])),
        config={**defaults["config"], **row.get("config", {})},
        then={**defaults["then"], **row.get("then", {}), **exception},
        batch=row.get("batch"),
        cancel=row.get("cancel"),
    )


def _filled(value: Any) -> Any:
    """The value with its pictures, which have so many bytes: readers stop where a picture ends."""
    match value:
        case {"$picture": size}:
            return base64.b64decode(TABLE["picture"]).ljust(size, b"\0")
        case dict():
            return {name: _filled(member) for name, member in value.items()}
        case list():
            return [_filled(item) for item in value]
    return value


def differences(
    case: Case,
    seen: list[Seen],
    counters: dict[str, dict[str, int]],
    remote: list[str],
    hits: list[int],
) -> list[str]:
    """What is not as the table says, in words; empty when all is well."""
    then, problems = case.then, []

    def compare(what: str, actual: object, expected: object) -> None:
        allowed = expected if isinstance(expected, list) else [expected]
        if actual not in allowed:
            problems.append(f"{what}: {actual!r} instead of {expected!r}")

    for task, end in zip(seen, remote, strict=True):
        compare("status", task.status, then["status"])
        compare("code", task.code, then["code"])
        if task.status == "completed":
            compare("output", task.output, then["output"])
        compare("status at the service", end, then["remote"])
        for what in ("submissions", "generations"):
            compare(what, counters[what].get(task.task_id, 0), then[what])
        if counters["generations"].get(task.task_id, 0) > 1:
            problems.append("PAID TWICE")
        for kind, least in then["events"].items():
            if task.events.get(kind, 0) < least:
                problems.append(f"{task.events.get(kind, 0)} events '{kind}', not {least} or more")
    for place, hit in enumerate(hits):
        if not hit_enough(case, place, hit):
            problems.append(f"rule {place} hit {hit} requests")
    return problems


def ends_as_told(case: Case, remote: list[str]) -> bool:
    """Whether the service's own tasks have ended as they should."""
    told = case.then["remote"]
    return all(end in (told if isinstance(told, list) else [told]) for end in remote)


def hit_enough(case: Case, place: int, hits: int) -> bool:
    """Whether the rule at ``place`` hit as many requests as it should have."""
    expected = case.then.get("hits")
    return hits > 0 if expected is None else hits in expected[place]
