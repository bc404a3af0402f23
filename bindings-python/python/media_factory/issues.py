"""What is wrong with single parameters.

Apart from the errors: dataclasses take longer to import than everything else here, and only who
makes a mistake needs one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from media_factory.errors import ConfigError, ValidationError

__all__ = [
    "ValidationIssue",
    "invalid_parameters",
    "issue_of",
    "problems_of",
    "wrong_argument",
    "wrong_setting",
]


@dataclass(frozen=True)
class ValidationIssue:
    """What is wrong with one parameter or configuration key."""

    path: str
    """The key, with ``[index]`` or ``.key`` for what is inside it."""
    code: str
    """``required type empty too_long range choice format unknown conflict`` or ``unsupported``."""
    message: str
    """The problem in words."""
    value: Any = None
    """The value as it was given, shortened; never media bytes."""
    allowed: tuple[str, ...] | None = None
    """What would be accepted, where that can be listed."""
    suggestion: str | None = None
    """What was probably meant."""

    def __str__(self) -> str:
        """Give the problem in words."""
        return self.message


def issue_of(issue: dict[str, Any]) -> ValidationIssue:
    """Make the issue for one of the core."""
    allowed = issue.get("allowed")
    members: dict[str, Any] = {**issue, "allowed": None if allowed is None else tuple(allowed)}
    return ValidationIssue(**members)


def invalid_parameters(issues: list[ValidationIssue]) -> ValidationError:
    """Make the error for parameters with these problems."""
    from media_factory.errors import ValidationError

    problems = "; ".join(issue.message for issue in issues)
    return ValidationError(f"invalid parameters: {problems}", issues=issues)


def wrong_argument(path: str, message: str) -> ValidationError:
    """Make the error for an argument of the wrong type, where Python decides and not the core."""
    from media_factory.errors import ValidationError

    return ValidationError(message, issues=[ValidationIssue(path, "type", message)])


def problems_of(answer: object) -> list[ValidationIssue]:
    """List what a custom ``validate_parameters`` answered; empty means valid."""
    if answer is True:
        return []
    if answer is False:
        return [_problem("the parameters are not valid")]
    if isinstance(answer, (list, tuple)):
        return [_problem(problem) for problem in answer]
    from media_factory.errors import ConfigError

    kind = type(answer).__name__
    close = getattr(answer, "close", None)
    if callable(close):
        # A coroutine that nobody awaits would be warned about as well.
        close()
    raise ConfigError(
        f"validate_parameters() answered {kind}",
        hint="answer True, False or a list of problems, and not a coroutine",
    )


def _problem(problem: object) -> ValidationIssue:
    if isinstance(problem, ValidationIssue):
        return problem
    if isinstance(problem, dict):
        return _described(problem)
    return ValidationIssue("", "format", str(problem))


def _described(problem: dict[Any, Any]) -> ValidationIssue:
    """Read a problem as a user wrote it; what an issue has no place for is left out."""
    words = {"path": "", "code": "format", "message": "a parameter is not valid"}
    allowed, suggestion = problem.get("allowed"), problem.get("suggestion")
    return ValidationIssue(
        **{name: str(problem.get(name, standard)) for name, standard in words.items()},
        value=problem.get("value"),
        allowed=tuple(map(str, allowed)) if isinstance(allowed, (list, tuple)) else None,
        suggestion=None if suggestion is None else str(suggestion),
    )


def wrong_setting(path: str, message: str) -> ConfigError:
    """Make the error for a setting of the wrong type, where Python decides and not the core."""
    from media_factory.errors import ConfigError

    return ConfigError(message, issues=[ValidationIssue(path, "type", message)])
