/**
 * Images, films and voices from one SDK with one behaviour, in pages, workers and Node.
 *
 * Parameters and configuration are data with the same snake_case keys as in Python; methods and
 * properties are camelCase. All durations are in seconds.
 *
 * @packageDocumentation
 */

/** What a workflow makes. */
export declare const MediaType: {
  readonly IMAGE: "image";
  readonly VIDEO: "video";
  readonly VOICE: "voice";
};
/** A built-in medium. */
export type MediaType = (typeof MediaType)[keyof typeof MediaType];

/** Where a task stands; the last three are terminal and never change again. */
export declare const ProcessingStatus: {
  /** Created, or accepted by the service but not yet running. */
  readonly PENDING: "pending";
  /** The service is working on it. */
  readonly PROCESSING: "processing";
  /** Finished with a result. */
  readonly COMPLETED: "completed";
  /** Ended with an error. */
  readonly FAILED: "failed";
  /** Stopped by the user. */
  readonly CANCELLED: "cancelled";
};
/** Where a task stands. */
export type ProcessingStatus = (typeof ProcessingStatus)[keyof typeof ProcessingStatus];

/**
 * A picture, film or sound as a parameter: a Blob or File, bytes, or a URL. An `http` or `https`
 * URL is passed on, a `data` URL counts as its bytes, and a `blob` URL is refused: give the Blob
 * itself. A relative one resolves against the document, or against the configuration's `base_url`
 * in workers and in Node.
 */
export type MediaInput = Blob | ArrayBuffer | ArrayBufferView | string;

/** Parameters of a picture. */
export interface ImageParameters {
  /** What it shows, 1 to 32,000 characters. */
  prompt: string;
  /** What it must not show, up to 32,000 characters. */
  negative_prompt?: string | null;
  /** Free text, up to 200 characters; `listStyles()` gives the service's own list. */
  style?: string | null;
  /** `WIDTHxHEIGHT` with sides from 16 to 16384, or a name such as `1080p`, `4K`, `UHD`. */
  resolution?: string | null;
  /** Default: the configuration's `default_model`, else the service's own. */
  model?: string | null;
  /** Wants a high dynamic range: a second file with the `role` `hdr`, whose values may be above 1. */
  hdr?: boolean | null;
  /**
   * Wants the material maps of physically based rendering: further files with the roles `albedo`,
   * `normal`, `roughness`, `metallic` and `height`.
   */
  pbr?: boolean | null;
  /** What makes the same picture again, 0 to 2^53-1. */
  seed?: number | bigint | null;
  /** How many pictures, 1 to 16. Default 1. */
  count?: number | null;
  /** File format. */
  format?: "png" | "jpg" | "jpeg" | "webp" | "tiff" | null;
  /** The picture to start from. */
  image?: MediaInput | null;
  /** How far to leave `image`, 0 to 1. Default: the service's own; 0.5 in the sandbox. */
  strength?: number | null;
  /** Passed to the service untouched. */
  extra?: Record<string, unknown> | null;
}

/** How one picture of a sequence gives way to the next. */
export type Transition = "none" | "fade" | "crossfade" | "wipe" | "slide";

/** What all films have. */
export interface FilmParameters {
  /** What it must not show, up to 32,000 characters. */
  negative_prompt?: string | null;
  /** Length in seconds, up to the configuration's `max_duration`. Default 5. */
  duration?: number | null;
  /** Frames per second, 1 to 240. Default 60. */
  fps?: number | null;
  /** As for pictures. */
  resolution?: string | null;
  /** Free text, up to 200 characters. */
  style?: string | null;
  /** Default: the configuration's `default_model`, else the service's own. */
  model?: string | null;
  /** What makes the same film again, 0 to 2^53-1. */
  seed?: number | bigint | null;
  /** File format. */
  format?: "mp4" | "webm" | "mov" | "avi" | "mkv" | null;
  /** Wants a scene that the camera can move around in. */
  use_nerf?: boolean | null;
  /** Between the pictures of a sequence. Default `none`. */
  transitions?: Transition | null;
  /**
   * Sound to hear with the film, from its start; it is cut where the film ends. The sandbox reads
   * WAV, and Ogg with Opus.
   */
  audio_input?: MediaInput | null;
  /** Passed to the service untouched. */
  extra?: Record<string, unknown> | null;
}

/** Parameters of a film: of a prompt, of pictures, or of both. */
export type VideoParameters = FilmParameters &
  (
    | {
        /** What it shows, 1 to 32,000 characters. */
        prompt: string;
        /** 1 to 2,000 pictures to show one after another. */
        images?: readonly MediaInput[] | null;
        /** How `images` are used. */
        mode?: "image-sequence" | null;
      }
    | {
        prompt?: string | null;
        images: readonly MediaInput[];
        mode?: "image-sequence" | null;
      }
  );

/** What all speech has. */
export interface SpeechParameters {
  /** Name of the voice. Default `default`. */
  voice?: string | null;
  /** A BCP 47 tag whose primary subtag is en, es, fr, de, it, pt, ru, ja, ko or zh. Default `en`. */
  language?: string | null;
  /** 0.5 to 2. Default 1. */
  speed?: number | null;
  /** Shift in semitones, -12 to 12. Default 0. */
  pitch?: number | null;
  /** Free text, up to 100 characters. */
  emotion?: string | null;
  /** Default: the configuration's `default_model`, else the service's own. */
  model?: string | null;
  /** What makes the same speech again, 0 to 2^53-1. */
  seed?: number | bigint | null;
  /** File format. */
  format?: "mp3" | "wav" | "ogg" | "flac" | "aac" | "m4a" | null;
  /** Passed to the service untouched. */
  extra?: Record<string, unknown> | null;
}

/** Parameters of speech: of a text, of sound, or of both. */
export type VoiceParameters = SpeechParameters &
  (
    | {
        /** What to say, 1 to 100,000 characters. */
        text: string;
        /** A sample of a voice, or sound to work on. */
        audio_input?: MediaInput | null;
      }
    | { text?: string | null; audio_input: MediaInput }
  );

/** Configuration of a workflow; unknown keys are refused. */
export interface Config {
  /** `service` speaks to a service, `sandbox` renders here, without a network. Default `service`. */
  protocol?: "service" | "sandbox" | "openai" | null;
  /** Where the service is: an http or https URL without a query. */
  service_endpoint?: string | null;
  /** The model of tasks that name none. */
  default_model?: string | null;
  /** Names that count as models beside the protocol's own. */
  models?: readonly string[] | null;
  /** Sent as `Authorization: Bearer …`, never logged. */
  api_key?: string | null;
  /** Sent with every request to the service, never logged. */
  headers?: Record<string, string> | null;
  /** Seconds from leaving the queue to COMPLETED. Default 300, for films 1,800. */
  timeout?: number | null;
  /** Seconds of silence on the wire of one exchange. Default 60. */
  request_timeout?: number | null;
  /** What relative URLs of outputs resolve against. Default: the endpoint. */
  asset_base_url?: string | null;
  /** Path prefixes of output URLs, and what replaces them. */
  asset_rewrite?: Record<string, string> | null;
  /** Paths of the service that differ from the native ones. */
  service_paths?: Record<string, string> | null;
  /** What relative media inputs resolve against outside a page. */
  base_url?: string | null;
  /** Carries the requests in place of the platform's fetch; called with a URL and an init object. */
  fetch?: FetchFunction | null;
  /** The longest film, in seconds. Default 300. */
  max_duration?: number | null;
  /** Tasks of this endpoint in flight. Default 64. */
  max_concurrency?: number | null;
  /** Requests to this endpoint in a second. */
  requests_per_second?: number | null;
  /** How failed exchanges are repeated. Default 4 attempts, 0.5 s to 30 s apart. */
  retry?: {
    max_attempts?: number | null;
    base_delay?: number | null;
    max_delay?: number | null;
    /** `retry` repeats submissions that may have been paid for already. Default `fail`. */
    ambiguous_submit?: "fail" | "retry" | null;
  } | null;
  /** Seconds between polls where the service cannot stream. Default 0.5, growing 1.5-fold to 5. */
  poll_interval?: {
    initial?: number | null;
    max?: number | null;
    factor?: number | null;
  } | null;
  /** Terminal tasks that the registry keeps. Default 10,000. */
  history_limit?: number | null;
  /** Output bytes that terminal tasks may hold. Default 256 MiB. */
  max_history_bytes?: number | null;
  /** The longest media input in bytes. Default 64 MiB. */
  max_input_bytes?: number | null;
  /** The longest output in bytes. Default 1 GiB. */
  max_output_bytes?: number | null;
  /** How the `sandbox` protocol renders, and the trouble that it meets on its way. */
  sandbox?: {
    /** `preview` makes what is beyond a work budget smaller; `full` does not. Default `preview`. */
    fidelity?: "preview" | "full" | null;
    /** Seconds that each exchange takes, or the least and the most. Default 0. */
    latency?: number | readonly [least: number, most: number] | null;
    /** The share of exchanges that fail, 0 to 1. Default 0. */
    failure_rate?: number | null;
    /** The share of submissions that are answered 429, 0 to 1. Default 0. */
    rate_limit?: number | null;
    /** Which story of trouble is told, 0 to 2^53-1. Default 0. */
    seed?: number | bigint | null;
  } | null;
  /** Kept for the same configuration in Python: a Node process waits for running tasks anyway. */
  exit_grace?: number | null;
}

/** Defaults for all workflows, and for those of one medium under its name. */
export type DefaultConfig = Config & { image?: Config; video?: Config; voice?: Config };

/**
 * A function like `fetch`. What it rejects with becomes the cause of the task's error, and is no
 * proof that the service has not seen the request; a {@link ConnectionFailed} is one, so that the
 * request may be sent again.
 */
export type FetchFunction = (url: string, init: RequestInit) => Promise<Response>;

/** What may be said about one task beside its parameters. */
export interface TaskOptions {
  /** Seconds above 0; replaces the configuration's `timeout`. */
  timeout?: number;
  /** Cancels the task when it fires. One that has fired already is thrown: there is no task. */
  signal?: AbortSignal;
  /** Called with every event from `created` on, each in a microtask. */
  onUpdate?: (event: TaskEvent) => void;
}

/** One problem of parameters or configuration. */
export interface ValidationIssue {
  /** The key, with `[index]` or `.key` for what is inside it. */
  path: string;
  /** The kind of problem. */
  code:
    | "required"
    | "type"
    | "empty"
    | "too_long"
    | "range"
    | "choice"
    | "format"
    | "unknown"
    | "conflict"
    | "unsupported";
  /** The problem in words. */
  message: string;
  /** The value as it was given, shortened. */
  value?: unknown;
  /** What would be accepted. */
  allowed?: string[];
  /** What was probably meant. */
  suggestion?: string;
}

/** What a workflow can do, with the protocol that it has. */
export interface Capabilities {
  media_type: string;
  supported_formats: string[];
  features: string[];
  models: string[];
  styles?: string[];
  resolutions?: string[];
  languages?: string[];
  protocol: string;
}

/** A task as plain data, with times as ISO 8601 text. */
export interface TaskSnapshot {
  task_id: string;
  media_type: string;
  status: ProcessingStatus;
  /** As given; media are replaced by a description. */
  parameters: Record<string, unknown>;
  created_at: string;
  started_at: string | null;
  updated_at: string;
  finished_at: string | null;
  progress: number | null;
  stage: string | null;
  eta_seconds: number | null;
  /** The service's own body. */
  result: unknown;
  outputs: OutputFacts[];
  error: Record<string, unknown> | null;
  metadata: Record<string, unknown>;
  remote_id: string | null;
  attempts: number;
}

/** What is known about an output without its bytes. */
export interface OutputFacts {
  /** What the file is to the result: `image`, `video` or `voice`, or beside a picture `hdr`, `albedo`, `normal`, `roughness`, `metallic` or `height`. */
  role?: string;
  mime_type: string;
  width?: number;
  height?: number;
  duration?: number;
  seed?: number;
  url?: string;
  size?: number;
}

interface EventBase<Kind extends string> {
  kind: Kind;
  /** Counts from 1 without gaps at the source. */
  seq: number;
  task_id: string;
  at: Date;
}

/** One thing that happened to a task. */
export type TaskEvent =
  | (EventBase<"snapshot"> & { task: TaskSnapshot })
  | (EventBase<"created"> & { status: "pending" })
  | (EventBase<"accepted"> & { remote_id: string })
  | (EventBase<"status"> & { status: ProcessingStatus; error?: MediaFactoryError })
  | (EventBase<"progress"> & {
      progress?: number;
      stage?: string;
      eta_seconds?: number;
      /** With stage `uploading`: bytes of the inputs that have left, and in all. */
      sent_bytes?: number;
      total_bytes?: number;
    })
  | (EventBase<"log"> & { message: string })
  | (EventBase<"preview"> & { output: MediaOutput })
  | (EventBase<"retry"> & { attempt: number; delay: number; reason: string; message: string });

/** One produced file; its bytes are fetched when first asked for. */
export declare class MediaOutput {
  private constructor();
  /** Such as `image/png`. */
  get mimeType(): string;
  /** What the file is to the result: `image`, `video` or `voice`, or beside a picture `hdr`, `albedo`, `normal`, `roughness`, `metallic` or `height`. */
  get role(): string | undefined;
  /** Pixels from left to right. */
  get width(): number | undefined;
  /** Pixels from top to bottom. */
  get height(): number | undefined;
  /** Seconds of film or sound. */
  get duration(): number | undefined;
  /** What makes the service produce it again. */
  get seed(): number | undefined;
  /** Where it is; absent for outputs that were only ever in memory. */
  get url(): string | undefined;
  /** Size in bytes, where known. */
  get size(): number | undefined;
  /** The file extension that fits, without a dot. */
  get extension(): string;
  /** The bytes, if they are here already. */
  get bytes(): Uint8Array<ArrayBuffer> | undefined;
  /**
   * The bytes.
   * @throws {@link MediaFactoryError} `output` when the download fails; {@link TooLarge} past
   * `max_output_bytes`. The task stays COMPLETED, and the call may be repeated.
   */
  arrayBuffer(): Promise<ArrayBuffer>;
  /** The bytes as a Blob of the output's type. Rejects as {@link MediaOutput.arrayBuffer} does. */
  blob(): Promise<Blob>;
  /** The bytes as a stream. Errors as {@link MediaOutput.arrayBuffer} rejects. */
  stream(): ReadableStream<Uint8Array>;
  /** A `blob:` URL for `src` or `href`; release it with `URL.revokeObjectURL`. */
  objectURL(): Promise<string>;
  /**
   * Writes the file, in Node only. A path without an extension gets the one that fits; a folder
   * gets a file `output`, `output-2` and so on in it. Parent folders are made.
   * @returns The path that was written.
   * @throws Node's error `EEXIST` when the file exists and `overwrite` is not set;
   * {@link Unsupported} outside Node.
   */
  save(path: string | URL, options?: { overwrite?: boolean }): Promise<string>;
  /** What is known without the bytes. */
  toJSON(): OutputFacts;
}

/** What a custom workflow's task completes with. */
export interface CustomResult {
  /** The files: bytes, or bytes and what is known about them. */
  outputs?: readonly (
    | ArrayBuffer
    | ArrayBufferView
    | {
        bytes: ArrayBuffer | ArrayBufferView;
        role?: string;
        mime_type?: string;
        width?: number;
        height?: number;
        duration?: number;
        seed?: number;
      }
  )[];
  /** What `result.raw` shows; without it, everything but `outputs`. */
  raw?: unknown;
  [key: string]: unknown;
}

/** As {@link CustomResult}, with Blobs among the outputs. */
export type CustomBlobResult = Omit<CustomResult, "outputs"> & {
  outputs?: readonly (NonNullable<CustomResult["outputs"]>[number] | Blob)[];
};

/** What the body of `runTask` may give; nothing at all completes the task too. */
export type BodyResult =
  | CustomBlobResult
  | Blob
  | ArrayBuffer
  | ArrayBufferView
  | string
  | number
  | boolean
  | null
  // biome-ignore lint/suspicious/noConfusingVoidType: that is what a function without a return has.
  | void;

/** One request for media: a live handle, whose getters show the state at the moment of reading. */
export declare class MediaTask {
  private constructor();
  /** A UUID of version 7, which sorts by creation. */
  get taskId(): string;
  /** What it makes: a built-in medium or the name of a registered workflow. */
  get mediaType(): string;
  get status(): ProcessingStatus;
  /** Whether it is COMPLETED, FAILED or CANCELLED. */
  get isFinished(): boolean;
  /** As given; media are replaced by a description. */
  get parameters(): Record<string, unknown>;
  get createdAt(): Date;
  get startedAt(): Date | undefined;
  get updatedAt(): Date;
  get finishedAt(): Date | undefined;
  /** 0 to 1; it never goes back. */
  get progress(): number | undefined;
  /** What the service is doing. */
  get stage(): string | undefined;
  /** Seconds that the service expects to need. */
  get etaSeconds(): number | undefined;
  /** What a COMPLETED task gave: its outputs and the service's own body. */
  get result(): { outputs: MediaOutput[]; raw: unknown } | undefined;
  /** The files of a COMPLETED task. */
  get outputs(): MediaOutput[];
  /** Why it FAILED or was CANCELLED. */
  get error(): MediaFactoryError | undefined;
  /** What is known beyond its state, such as `model` and `endpoint`. */
  get metadata(): Record<string, unknown>;
  /** The service's own id. */
  get remoteId(): string | undefined;
  /** How many submissions were made. */
  get attempts(): number;
  /**
   * Waits until it is COMPLETED and gives the task itself.
   * @param options - `timeout` in seconds; `signal` ends the waiting. The task goes on either way.
   * @throws {@link TaskFailed}, {@link TaskCancelled}, {@link WaitTimeout}, or the signal's reason.
   */
  wait(options?: { timeout?: number; signal?: AbortSignal }): Promise<this>;
  /** A snapshot of the moment of the call, then every event until the terminal one. */
  events(): AsyncGenerator<TaskEvent, void, void>;
  /**
   * Calls back with every event from now on, each in a microtask.
   * @returns A function that stops the calls.
   * @throws {@link ValidationError} when `callback` is no function.
   */
  onUpdate(callback: (event: TaskEvent) => void): () => void;
  /** CANCELLED at once, with the service told to stop; `false` when it had ended already. */
  cancel(): boolean;
  /**
   * PROCESSING; for custom workflows.
   * @throws {@link ValidationError} when it is not PENDING.
   */
  start(): void;
  /**
   * Progress from 0 to 1, and what is being done; for custom workflows.
   * @throws {@link ValidationError} when it is not PROCESSING, or the number is out of range.
   */
  reportProgress(progress: number, stage?: string): void;
  /** Adds something the user should know; for custom workflows. */
  log(message: string): void;
  /**
   * COMPLETED; for custom workflows. After CANCELLED it does nothing. Bytes alone are one output;
   * the rest must be plain data, as JSON has it. It cannot wait for a Blob: read that first.
   * @throws {@link ValidationError} when it has ended already, or the result is something else.
   */
  complete(
    result?: CustomResult | ArrayBuffer | ArrayBufferView | string | number | boolean | null,
  ): void;
  /**
   * FAILED; for custom workflows. The error becomes the cause of the task's own.
   * @throws {@link ValidationError} when it has ended already.
   */
  fail(error: unknown): void;
  /** The task as plain data. */
  toJSON(): TaskSnapshot;
}

/** The base of all workflows; custom ones extend it. */
export declare class MediaFactory {
  /**
   * In the default registry.
   * @throws {@link ConfigError} with every problem of the configuration.
   */
  constructor(config?: Config | null);
  /** The configuration as it was given; printed or as JSON, it keeps `api_key` and `headers` back. */
  readonly config: Readonly<Config>;
  /** A built-in medium or the name under which the class is registered. */
  get mediaType(): string;
  /** Prepares a custom workflow; called once, after its class fields exist and before first use. */
  protected _setup(): void;
  /** File formats by name. */
  protected _getSupportedFormats(): string[];
  /** What it can do, by name. */
  protected _getFeatures(): string[];
  /**
   * Whether `check` finds nothing wrong. A custom workflow may answer with a list of problems.
   */
  validateParameters(parameters: object): boolean | readonly (string | Partial<ValidationIssue>)[];
  /** Every problem of the parameters that shows without I/O; empty means valid. */
  check(parameters: object): ValidationIssue[];
  /** Starts a task; a custom workflow gives one made by `createTask` or `runTask`. */
  process(parameters: object, options?: TaskOptions): MediaTask;
  /** One task for each item, in order; an invalid item becomes a FAILED task. */
  batchProcess(items: Iterable<object>): MediaTask[];
  /**
   * A PENDING task that the caller moves itself.
   * @throws {@link ValidationError} when `metadata` are more than plain data.
   */
  createTask(
    parameters: object,
    metadata?: Record<string, unknown> | null,
    options?: Omit<TaskOptions, "timeout">,
  ): MediaTask;
  /**
   * Validates, creates a task, and runs `body` for it: what it returns completes the task, what it
   * throws fails it. The signal fires when the task is cancelled.
   * @throws {@link ValidationError} with every problem; then there is no task.
   */
  runTask(
    parameters: object,
    body: (task: MediaTask, signal: AbortSignal) => BodyResult | Promise<BodyResult>,
    options?: Omit<TaskOptions, "timeout">,
  ): MediaTask;
  /** This instance's task with that id. */
  getTask(taskId: string): MediaTask | undefined;
  /** This instance's tasks in the order of their creation, or those with one status. */
  listTasks(status?: ProcessingStatus | null): MediaTask[];
  /** Cancels this instance's task with that id; `false` when there is none that runs. */
  cancelTask(taskId: string): boolean;
  /** What it can do, with the protocol that it has. */
  getCapabilities(): Capabilities;
}

declare class ServiceWorkflow<Parameters extends object> extends MediaFactory {
  /**
   * Whether `check` finds nothing wrong. Where a subclass has its own, everything that starts a
   * task asks it beside the rules of the protocol.
   */
  validateParameters(parameters: Parameters | object): boolean;
  /**
   * Starts a task and gives it back at once, PENDING.
   * @throws {@link ValidationError} or {@link Unsupported} with every problem; the reason of a
   * `signal` that has fired already, an `AbortError` unless it was given another. Then there is no
   * task, and no byte was sent.
   */
  process(parameters: Parameters, options?: TaskOptions): MediaTask;
  batchProcess(items: Iterable<Parameters>): MediaTask[];
  /** How the service is, in its own words. */
  health(): Promise<Record<string, unknown>>;
  /** The service's models, in its own words; they count as known from then on. */
  listModels(): Promise<unknown[]>;
  /** The service's styles, in its own words. */
  listStyles(): Promise<unknown[]>;
  /** The service's resolutions, in its own words. */
  listResolutions(): Promise<unknown[]>;
}

/** Pictures. */
export declare class ImageWorkflow extends ServiceWorkflow<ImageParameters> {}

/** Films. */
export declare class VideoWorkflow extends ServiceWorkflow<VideoParameters> {
  /**
   * A film from one picture or up to 2,000, shown one after another; otherwise as `process`.
   */
  createFromImages(
    images: MediaInput | Iterable<MediaInput>,
    parameters?: (FilmParameters & { prompt?: string | null }) | null,
    options?: TaskOptions,
  ): MediaTask;
}

/** Speech. */
export declare class VoiceWorkflow extends ServiceWorkflow<VoiceParameters> {
  /**
   * Reads a text aloud; `voice` is `default` and `language` `en` unless given. Native services are
   * told the model `tts-1`, unless the configuration has a `default_model`; other protocols use
   * that, or their own default.
   */
  textToSpeech(
    text: string,
    options?: TaskOptions & { voice?: string; language?: string },
  ): MediaTask;
  /** Reads a text aloud in the voice of a sample, with the model `voice-clone`. */
  cloneVoice(sample: MediaInput, text: string, options?: TaskOptions): MediaTask;
  /** The service's voices, in its own words. */
  listVoices(): Promise<unknown[]>;
}

/** A class that can be registered. */
export type WorkflowClass = new (config?: Config | null) => MediaFactory;

/** The workflow of a built-in medium, any workflow for other names. */
export type WorkflowOf<Name extends string> = Name extends "image"
  ? ImageWorkflow
  : Name extends "video"
    ? VideoWorkflow
    : Name extends "voice"
      ? VoiceWorkflow
      : MediaFactory;

/**
 * Maps media types to workflow classes and owns their tasks. Called on the class, the methods act
 * on the default registry.
 */
export declare class MediaFactoryRegistry {
  /** A registry of its own, with its own tasks. */
  constructor(defaults?: DefaultConfig);
  /**
   * A new workflow instance.
   * @throws {@link ValidationError} when nothing is registered under that name;
   * {@link ConfigError} with every problem of the configuration.
   */
  getWorkflow<Name extends string>(mediaType: Name, config?: Config | null): WorkflowOf<Name>;
  /**
   * Sets the configuration that workflows made from now on start from, in place of earlier
   * defaults.
   * @throws {@link ConfigError} with every problem; the earlier defaults stay then.
   */
  configure(defaults: DefaultConfig): void;
  /**
   * Registers a class under a name; a name that is known gets another class.
   * @throws {@link ConfigError} when the name is none, or the class does not extend
   * {@link MediaFactory}.
   */
  register(name: string, type: WorkflowClass): void;
  /** The names that `getWorkflow` knows. */
  listAvailableWorkflows(): string[];
  /** The task with that id, unless it was evicted. */
  getTask(taskId: string): MediaTask | undefined;
  /** All tasks in the order of their creation, or those with one status. */
  listTasks(status?: ProcessingStatus | null): MediaTask[];
  /** Cancels the task with that id; `false` when there is none that runs. */
  cancelTask(taskId: string): boolean;

  static getWorkflow<Name extends string>(
    mediaType: Name,
    config?: Config | null,
  ): WorkflowOf<Name>;
  static configure(defaults: DefaultConfig): void;
  static register(name: string, type: WorkflowClass): void;
  static listAvailableWorkflows(): string[];
  static getTask(taskId: string): MediaTask | undefined;
  static listTasks(status?: ProcessingStatus | null): MediaTask[];
  static cancelTask(taskId: string): boolean;
}

/**
 * Waits for all tasks and gives them back in the order in which they came. Failed tasks are given
 * back like others unless `raiseOnError` is set.
 * @throws {@link WaitTimeout} when a task runs for longer than `timeout` seconds more; all go on.
 */
export declare function waitAll(
  tasks: Iterable<MediaTask>,
  options?: { onUpdate?: (event: TaskEvent) => void; raiseOnError?: boolean; timeout?: number },
): Promise<MediaTask[]>;

/**
 * Gives the tasks one by one, each as it ends.
 * @throws {@link WaitTimeout} when a task runs for longer than `timeout` seconds more.
 */
export declare function asCompleted(
  tasks: Iterable<MediaTask>,
  options?: { timeout?: number },
): AsyncGenerator<MediaTask, void, void>;

/** What an error is made of beside its message. */
export interface ErrorDetails {
  code?: string;
  hint?: string;
  retryable?: boolean;
  status?: number;
  attempts?: number;
  taskId?: string;
  remoteId?: string;
  retryAfter?: number;
  issues?: ValidationIssue[];
  task?: MediaTask;
  cause?: unknown;
}

/** The base of every error of this package. */
export declare class MediaFactoryError extends Error {
  constructor(message?: string, details?: ErrorDetails);
  /** A stable kebab-case name, the same in every language. */
  code: string;
  /** What to do next. */
  hint: string | undefined;
  /** Whether the same call may succeed later. */
  retryable: boolean;
  /** The HTTP status of the deciding answer. */
  status: number | undefined;
  /** How many submissions were made. */
  attempts: number;
  /** The id of the task that failed. */
  taskId: string | undefined;
  /** The service's own id of that task. */
  remoteId: string | undefined;
  /** Seconds to wait before another try, where the service said so. */
  retryAfter: number | undefined;
  /** Every problem with parameters or configuration. */
  issues: ValidationIssue[];
  /** The task that failed, where there is one. */
  task: MediaTask | undefined;
  /** The error as plain data. */
  toJSON(): Record<string, unknown>;
}

/** Parameters are wrong; `issues` lists every problem. */
export declare class ValidationError extends MediaFactoryError {}

/** The configuration is wrong; `issues` lists every problem. */
export declare class ConfigError extends MediaFactoryError {}

/** The service could not be reached, or the connection broke. */
export declare class ConnectionFailed extends MediaFactoryError {}

/** The task's deadline or the limit of silence on the wire passed. */
export declare class RequestTimeout extends MediaFactoryError {}

/** The service asked to come back later than the task may wait: see `retryAfter`. */
export declare class RateLimited extends MediaFactoryError {}

/** The account's quota or credit is used up. */
export declare class QuotaExceeded extends MediaFactoryError {}

/** The service refused the credentials. */
export declare class AuthenticationFailed extends MediaFactoryError {}

/** The service does not know the path, model or task. */
export declare class NotFound extends MediaFactoryError {}

/** The service reported a failure. */
export declare class ServiceFailed extends MediaFactoryError {}

/** The service's answer could not be understood. */
export declare class ProtocolError extends MediaFactoryError {}

/** The chosen protocol or service cannot do what was asked. */
export declare class Unsupported extends MediaFactoryError {}

/** A paid submission may or may not have been accepted: check before paying again. */
export declare class AmbiguousSubmit extends MediaFactoryError {}

/** An input, answer or output is over its limit. */
export declare class TooLarge extends MediaFactoryError {}

/** The task that was waited for was cancelled. */
export declare class TaskCancelled extends MediaFactoryError {}

/** Waiting took too long; the task goes on. */
export declare class WaitTimeout extends MediaFactoryError {}

/** The task that was waited for FAILED: its error is the `cause`, and lends its code. */
export declare class TaskFailed extends MediaFactoryError {}
