// Everything a user sees, without the module beneath it.

export {
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
} from "./errors.js";
export { MediaType, ProcessingStatus } from "./media-type.js";
export { MediaOutput } from "./output.js";
export { MediaFactoryRegistry } from "./registry.js";
export { MediaTask } from "./task.js";
export { asCompleted, waitAll } from "./waiting.js";
export { ImageWorkflow, MediaFactory, VideoWorkflow, VoiceWorkflow } from "./workflow.js";
