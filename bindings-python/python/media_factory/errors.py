"""Every error of Media Factory. One table says which class a code has."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, TypedDict

    from media_factory.issues import ValidationIssue
    from media_factory.task import MediaTask

    class ErrorDetails(TypedDict):
        """An error as it comes from the core."""

        code: str
        message: str
        hint: str | None
        retryable: bool
        status: int | None
        attempts: int
        task_id: str | None
        remote_id: str | None
        retry_after: float | None
        issues: list[dict[str, Any]]
        cause: BaseException | None


__all__ = [
    "AmbiguousSubmit",
    "AuthenticationFailed",
    "ConfigError",
    "ConnectionFailed",
    "MediaFactoryError",
    "NotFound",
    "ProtocolError",
    "QuotaExceeded",
    "RateLimited",
    "RequestTimeout",
    "ServiceFailed",
    "TaskCancelled",
    "TaskFailed",
    "TooLarge",
    "Unsupported",
    "ValidationError",
    "WaitTimeout",
]


class MediaFactoryError(Exception):
    """Something went wrong; ``str(error)`` says what, with which endpoint, and what to do next."""

    code: str = "internal"
    """The stable kebab-case code, the same in every language."""
    message: str
    """What happened."""
    hint: str | None
    """What to do next."""
    retryable: bool
    """Whether the same call may succeed later without a change."""
    status: int | None
    """The HTTP status of the answer that decided it."""
    attempts: int
    """How many submissions were made."""
    task_id: str | None
    """The id of the task that failed."""
    remote_id: str | None
    """The service's own id of the task."""
    retry_after: float | None
    """Seconds to wait before another try, where the service said so."""
    issues: list[ValidationIssue]
    """Every problem with the parameters or the configuration."""
    task: MediaTask | None
    """The task that failed, where the error comes from one."""

    def __init__(
        self,
        message: str = "",
        *,
        code: str | None = None,
        hint: str | None = None,
        retryable: bool = False,
        status: int | None = None,
        attempts: int = 0,
        task_id: str | None = None,
        remote_id: str | None = None,
        retry_after: float | None = None,
        issues: Sequence[ValidationIssue] = (),
        task: MediaTask | None = None,
    ) -> None:
        """Make an error; ``code`` is the class's own unless given."""
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.hint = hint
        self.retryable = retryable
        self.status = status
        self.attempts = attempts
        self.task_id = task_id
        self.remote_id = remote_id
        self.retry_after = retry_after
        self.issues = list(issues)
        self.task = task

    def __str__(self) -> str:
        """Give the message, and what to do next where that is known."""
        return f"{self.message} ({self.hint})" if self.hint else self.message

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle everything but the task, which is a live handle of this process."""
        state = {**self.__dict__, "task": None}
        return (type(self), (self.message,), state)


class ValidationError(MediaFactoryError, ValueError):
    """Parameters are wrong; ``issues`` lists every problem."""

    code = "validation"


class ConfigError(MediaFactoryError, ValueError):
    """The configuration is wrong; ``issues`` lists every problem."""

    code = "config"


class ConnectionFailed(MediaFactoryError, ConnectionError):
    """The service could not be reached, or the connection broke."""

    code = "connection"


class RequestTimeout(MediaFactoryError, TimeoutError):
    """The task's deadline or the limit of silence on the wire passed."""

    code = "timeout"


class RateLimited(MediaFactoryError):
    """The service asked to come back later than the task may wait: see ``retry_after``."""

    code = "rate-limited"


class QuotaExceeded(MediaFactoryError):
    """The account's quota or credit is used up."""

    code = "quota"


class AuthenticationFailed(MediaFactoryError):
    """The service refused the credentials."""

    code = "auth"


class NotFound(MediaFactoryError):
    """The service does not know the path, model or task."""

    code = "not-found"


class ServiceFailed(MediaFactoryError):
    """The service reported a failure."""

    code = "service-failed"


class ProtocolError(MediaFactoryError):
    """The service's answer could not be understood."""

    code = "protocol"


class Unsupported(MediaFactoryError):
    """The chosen protocol or service cannot do what was asked."""

    code = "unsupported"


class AmbiguousSubmit(MediaFactoryError):
    """A paid submission may or may not have been accepted: check before paying again."""

    code = "ambiguous-submit"


class TooLarge(MediaFactoryError):
    """An input, answer or output is over its limit."""

    code = "too-large"


class TaskFailed(MediaFactoryError):
    """A task that was waited for FAILED; ``code`` is that of its error, which is the cause."""


class TaskCancelled(MediaFactoryError):
    """A task that was waited for was CANCELLED."""

    code = "cancelled"


class WaitTimeout(MediaFactoryError, TimeoutError):
    """Waiting took longer than its timeout; the task goes on."""

    code = "wait-timeout"


CLASSES: dict[str, type[MediaFactoryError]] = {
    known.code: known
    for known in (
        ValidationError,
        ConfigError,
        ConnectionFailed,
        RequestTimeout,
        RateLimited,
        QuotaExceeded,
        AuthenticationFailed,
        NotFound,
        ServiceFailed,
        ProtocolError,
        Unsupported,
        AmbiguousSubmit,
        TaskCancelled,
        TooLarge,
        WaitTimeout,
    )
}
"""The class of each code; codes without one are plain ``MediaFactoryError``."""


def make_error(details: ErrorDetails) -> MediaFactoryError:
    """Make the exception for an error of the core. The one place where that is done."""
    members: dict[str, Any] = dict(details)
    message, cause = members.pop("message"), members.pop("cause")
    if members["issues"]:
        from media_factory.issues import issue_of

        members["issues"] = [issue_of(issue) for issue in members["issues"]]
    error = CLASSES.get(details["code"], MediaFactoryError)(message, **members)
    error.__cause__ = cause
    return error


def task_failed(error: MediaFactoryError, task: MediaTask) -> TaskFailed:
    """Make the exception for waiting on a task that ended with ``error``."""
    failed = TaskFailed(
        error.message,
        code=error.code,
        hint=error.hint,
        retryable=error.retryable,
        status=error.status,
        attempts=error.attempts,
        task_id=error.task_id,
        remote_id=error.remote_id,
        retry_after=error.retry_after,
        issues=error.issues,
        task=task,
    )
    failed.__cause__ = error
    return failed
