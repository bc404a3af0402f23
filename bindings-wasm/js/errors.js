// The errors that users see. The core makes them through `makeError`; nothing else does.

/** The base of every error of this package. */
export class MediaFactoryError extends Error {
  constructor(details = {}, options = undefined) {
    super(details.message ?? "", options);
    this.code = details.code ?? "internal";
    this.hint = details.hint;
    this.retryable = details.retryable ?? false;
    this.status = details.status;
    this.attempts = details.attempts ?? 0;
    this.taskId = details.task_id;
    this.remoteId = details.remote_id;
    this.retryAfter = details.retry_after;
    this.issues = details.issues ?? [];
    // Not enumerable: a log of the error would print the whole task.
    Object.defineProperty(this, "task", { value: undefined, writable: true, configurable: true });
  }

  get name() {
    return this.constructor.name;
  }

  toString() {
    const hint = this.hint ? ` (${this.hint})` : "";
    return `${this.name} [${this.code}]: ${this.message}${hint}`;
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

export class ValidationError extends MediaFactoryError {}
export class ConfigError extends MediaFactoryError {}
export class ConnectionFailed extends MediaFactoryError {}
export class RequestTimeout extends MediaFactoryError {}
export class RateLimited extends MediaFactoryError {}
export class QuotaExceeded extends MediaFactoryError {}
export class AuthenticationFailed extends MediaFactoryError {}
export class NotFound extends MediaFactoryError {}
export class ServiceFailed extends MediaFactoryError {}
export class ProtocolError extends MediaFactoryError {}
export class Unsupported extends MediaFactoryError {}
export class AmbiguousSubmit extends MediaFactoryError {}
export class TooLarge extends MediaFactoryError {}
export class TaskFailed extends MediaFactoryError {}
export class TaskCancelled extends MediaFactoryError {}
export class WaitTimeout extends MediaFactoryError {}

const CLASSES = {
  validation: ValidationError,
  config: ConfigError,
  connection: ConnectionFailed,
  timeout: RequestTimeout,
  "rate-limited": RateLimited,
  quota: QuotaExceeded,
  auth: AuthenticationFailed,
  "not-found": NotFound,
  "service-failed": ServiceFailed,
  protocol: ProtocolError,
  unsupported: Unsupported,
  "ambiguous-submit": AmbiguousSubmit,
  cancelled: TaskCancelled,
  "too-large": TooLarge,
  "wait-timeout": WaitTimeout,
};

// Minifiers rename classes, and users read names in their logs.
for (const [name, type] of Object.entries({
  MediaFactoryError,
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
  TaskFailed,
  TaskCancelled,
  WaitTimeout,
})) {
  Object.defineProperty(type, "name", { value: name });
}

/** The error for the core's details: `{code, message, hint?, retryable, …}` with JSON's names. */
export function makeError(details, options) {
  const type = CLASSES[details.code] ?? MediaFactoryError;
  return new type(details, options);
}

/** What waiting for a FAILED task throws: the task's code, with its error as cause. */
export function taskFailed(cause) {
  return new TaskFailed(cause.toJSON ? { ...cause.toJSON(), message: cause.message } : {}, {
    cause,
  });
}
