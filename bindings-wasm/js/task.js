import { eventOf, plainTask } from "./event.js";
import { INSPECT } from "./inspect.js";
import { mustBe, optionsOf } from "./options.js";
import { MediaOutput } from "./output.js";
import { isPlain } from "./plain.js";
import { coreDefect, unlessTrapped } from "./platform.js";
import { invalid } from "./validity.js";

const TERMINAL = ["completed", "failed", "cancelled"];

/** One request for media: a live handle, whose getters show the state at the moment of reading. */
export class MediaTask {
  #core;
  #outputs;

  constructor(core) {
    this.#core = core;
  }

  get taskId() {
    return this.#core.id;
  }

  get mediaType() {
    return this.#core.mediaType;
  }

  get status() {
    const status = this.#core.status;
    // What a trapped core left running will never end by itself.
    return coreDefect() && !TERMINAL.includes(status) ? "failed" : status;
  }

  get isFinished() {
    return TERMINAL.includes(this.status);
  }

  get parameters() {
    return this.#core.parameters;
  }

  get createdAt() {
    return timeOf(this.#core.progress().created_at);
  }

  get startedAt() {
    return timeOf(this.#core.progress().started_at);
  }

  get updatedAt() {
    return timeOf(this.#core.progress().updated_at);
  }

  get finishedAt() {
    return timeOf(this.#core.progress().finished_at);
  }

  get progress() {
    return this.#core.progress().progress ?? undefined;
  }

  get stage() {
    return this.#core.progress().stage ?? undefined;
  }

  get etaSeconds() {
    return this.#core.progress().eta_seconds ?? undefined;
  }

  get metadata() {
    return this.#core.progress().metadata;
  }

  get remoteId() {
    return this.#core.progress().remote_id ?? undefined;
  }

  get attempts() {
    return this.#core.progress().attempts;
  }

  get outputs() {
    if (this.#outputs === undefined && this.#core.status === "completed") {
      this.#outputs = this.#core.outputs.map((output) => new MediaOutput(output));
    }
    return [...(this.#outputs ?? [])];
  }

  get result() {
    const raw = this.#core.raw;
    return raw === undefined ? undefined : { outputs: this.outputs, raw };
  }

  get error() {
    const defect = coreDefect();
    if (defect && !TERMINAL.includes(this.#core.status)) {
      return defect;
    }
    const error = this.#core.error ?? undefined;
    return error && this.#owned(error);
  }

  async wait(options) {
    const { timeout, signal } = optionsOf(options, { timeout: "number", signal: "AbortSignal" });
    signal?.throwIfAborted();
    try {
      await unlessAborted(unlessTrapped(this.#core.wait(timeout)), signal);
    } catch (error) {
      throw this.#owned(error);
    }
    return this;
  }

  events() {
    // Here and not in the generator, which begins with the first event that is asked for.
    return eventsOf(this.#core.events());
  }

  onUpdate(callback) {
    mustBe("function", "onUpdate", callback);
    let isSubscribed = true;
    const key = this.#core.subscribe((event) => {
      if (isSubscribed) {
        callback(eventOf(event));
      }
    });
    return () => {
      isSubscribed = false;
      this.#core.unsubscribe(key);
    };
  }

  cancel() {
    return this.#core.cancel();
  }

  start() {
    this.#core.start();
  }

  reportProgress(progress, stage) {
    this.#core.report(progress, stage);
  }

  log(message) {
    this.#core.log(String(message));
  }

  complete(result) {
    const { raw, outputs } = partsOf(result);
    this.#core.complete(raw, outputs.map(fileOf));
  }

  fail(error) {
    this.#core.fail(error);
  }

  toJSON() {
    return plainTask(this.#core.snapshot());
  }

  [INSPECT]() {
    return `MediaTask(${this.taskId}, ${this.mediaType}, ${this.status})`;
  }

  #owned(error) {
    if (error && Object.hasOwn(error, "task")) {
      error.task = this;
    }
    return error;
  }
}

async function* eventsOf(stream) {
  try {
    while (true) {
      const event = await unlessTrapped(stream.next());
      if (event === undefined) {
        return;
      }
      yield eventOf(event);
    }
  } finally {
    stream.free();
  }
}

/** A promise that also rejects when the signal fires; what it waits for goes on. */
function unlessAborted(promise, signal) {
  if (!signal) {
    return promise;
  }
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

function timeOf(milliseconds) {
  return milliseconds === null ? undefined : new Date(milliseconds);
}

/** What a custom workflow made, split into plain data and files; bytes alone are one file. */
function partsOf(result) {
  if (isFile(result)) {
    return { raw: null, outputs: [result] };
  }
  if (!isPlain(result)) {
    return { raw: result, outputs: [] };
  }
  const { outputs = [], ...rest } = result;
  if (!Array.isArray(outputs)) {
    const message = "an output needs bytes: outputs must be a list of them";
    throw invalid("result", [{ path: "outputs", code: "type", message }]);
  }
  return { raw: Object.hasOwn(rest, "raw") ? rest.raw : rest, outputs };
}

function fileOf(output) {
  return isFile(output) ? { bytes: output } : output;
}

function isFile(value) {
  return value instanceof ArrayBuffer || ArrayBuffer.isView(value) || value instanceof Blob;
}
