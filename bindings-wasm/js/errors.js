// The errors that users see. Names are written out: minifiers rename classes, and people read logs.

/** The base of every error of this package. */
export class MediaFactoryError extends Error {
  static name = "MediaFactoryError";
  static code = "internal";

  constructor(message = "", details = {}) {
    super(
      withHint(message, details.hint),
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    // Consoles print the stack, which engines write when it is first read, with the message of
    // that moment: here that has the hint.
    void this.stack;
    this.message = message;
    this.code = details.code ?? new.target.code;
    this.hint = details.hint;
    this.retryable = details.retryable ?? false;
    this.status = details.status;
    this.attempts = details.attempts ?? 0;
    this.taskId = details.taskId;
    this.remoteId = details.remoteId;
    this.retryAfter = details.retryAfter;
    this.issues = details.issues ?? [];
    // Not enumerable: a log of the error would print the whole task.
    Object.defineProperty(this, "task", { value: details.task, writable: true });
  }

  get name() {
    return this.constructor.name;
  }

  toString() {
    return `${this.name} [${this.code}]: ${withHint(this.message, this.hint)}`;
  }

  toJSON() {
    return {
      code: this.code,
      message: this.message,
      hint: this.hint,
      retryable: this.retryable,
      status: this.status,
      attempts: this.attempts,
      task_id: this.taskId,
      remote_id: this.remoteId,
      retry_after: this.retryAfter,
      issues: this.issues.length > 0 ? this.issues : undefined,
    };
  }
}

/** Parameters are wrong; `issues` lists every problem. */
export class ValidationError extends MediaFactoryError {
  static name = "ValidationError";
  static code = "validation";
}

/** The configuration is wrong; `issues` lists every problem. */
export class ConfigError extends MediaFactoryError {
  static name = "ConfigError";
  static code = "config";
}

/** The service could not be reached, or the connection broke. */
export class ConnectionFailed extends MediaFactoryError {
  static name = "ConnectionFailed";
  static code = "connection";
}

/** The task's deadline or the limit of silence on the wire passed. */
export class RequestTimeout extends MediaFactoryError {
  static name = "RequestTimeout";
  static code = "timeout";
}

/** The service asked to come back later than the task may wait: see `retryAfter`. */
export class RateLimited extends MediaFactoryError {
  static name = "RateLimited";
  static code = "rate-limited";
}

/** The account's quota or credit is used up. */
export class QuotaExceeded extends MediaFactoryError {
  static name = "QuotaExceeded";
  static code = "quota";
}

/** The service refused the credentials. */
export class AuthenticationFailed extends MediaFactoryError {
  static name = "AuthenticationFailed";
  static code = "auth";
}

/** The service does not know the path, model or task. */
export class NotFound extends MediaFactoryError {
  static name = "NotFound";
  static code = "not-found";
}

/** The service reported a failure. */
export class ServiceFailed extends MediaFactoryError {
  static name = "ServiceFailed";
  static code = "service-failed";
}

/** The service's answer could not be understood. */
export class ProtocolError extends MediaFactoryError {
  static name = "ProtocolError";
  static code = "protocol";
}

/** The chosen protocol or service cannot do what was asked. */
export class Unsupported extends MediaFactoryError {
  static name = "Unsupported";
  static code = "unsupported";
}

/** A paid submission may or may not have been accepted: check before paying again. */
export class AmbiguousSubmit extends MediaFactoryError {
  static name = "AmbiguousSubmit";
  static code = "ambiguous-submit";
}

/** An input, answer or output is over its limit. */
export class TooLarge extends MediaFactoryError {
  static name = "TooLarge";
  static code = "too-large";
}

/** The task that was waited for was cancelled. */
export class TaskCancelled extends MediaFactoryError {
  static name = "TaskCancelled";
  static code = "cancelled";
}

/** Waiting took too long; the task goes on. */
export class WaitTimeout extends MediaFactoryError {
  static name = "WaitTimeout";
  static code = "wait-timeout";
}

/** The task that was waited for FAILED: its error is the `cause`, and lends its code. */
export class TaskFailed extends MediaFactoryError {
  static name = "TaskFailed";
}

const CLASSES = Object.fromEntries(
  [
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
    TooLarge,
    TaskCancelled,
    WaitTimeout,
  ].map((type) => [type.code, type]),
);

/** The error for the core's details, `{code, message, hint?, …}` with the names of JSON. */
export function makeError({ code, message, ...rest }, cause) {
  const type = CLASSES[code] ?? MediaFactoryError;
  const { task_id: taskId, remote_id: remoteId, retry_after: retryAfter, ...same } = rest;
  return new type(message, { code, taskId, remoteId, retryAfter, ...same, cause });
}

/** What waiting for a FAILED task throws. */
export function taskFailed(cause) {
  return new TaskFailed(cause.message, { ...cause, cause });
}

function withHint(message, hint) {
  return hint ? `${message} (${hint})` : message;
}
