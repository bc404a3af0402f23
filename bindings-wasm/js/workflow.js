import { discreet } from "./config.js";
import { makeError } from "./errors.js";
import { eventOf } from "./event.js";
import { takeHome } from "./home.js";
import { optionsOf, TASK_OPTIONS } from "./options.js";
import { unlessTrapped } from "./platform.js";
import { MediaTask } from "./task.js";
import { invalid, problemsOf } from "./validity.js";

/** The methods that users replace, and that may rely on `_setup`. */
const ENTRIES = ["validateParameters", "process", "_getSupportedFormats", "_getFeatures"];

/** The core of a workflow, once its `_setup` has run. */
let ready;

/** The base of all workflows; custom ones extend it. */
export class MediaFactory {
  static {
    ready = (workflow) => workflow.#ready();
  }

  #core;
  #guards = new Map();
  #isSetUp = false;

  constructor(config = {}) {
    this.#core = takeHome().connect(new.target, config ?? {});
    // Not enumerable: a log of the workflow would print the key.
    Object.defineProperty(this, "config", {
      value: discreet(config),
      configurable: true,
      writable: true,
    });
    for (const entry of ENTRIES) {
      if (isReplaced(this, entry)) {
        this.#guard(entry);
      }
    }
  }

  /** Stands before a replaced method until `_setup` has run, which needs the class's fields. */
  #guard(entry) {
    const guard = (...given) => {
      this.#ready();
      return this[entry](...given);
    };
    this.#guards.set(entry, guard);
    Object.defineProperty(this, entry, { value: guard, configurable: true, writable: true });
  }

  #ready() {
    if (!this.#isSetUp) {
      this.#isSetUp = true;
      for (const [entry, guard] of this.#guards) {
        // A class field of that name has taken the guard's place, and keeps it.
        if (this[entry] === guard) {
          delete this[entry];
        }
      }
      this._setup();
    }
    return this.#core;
  }

  get mediaType() {
    return this.#core.mediaType;
  }

  _setup() {}

  _getSupportedFormats() {
    return this.#core.capabilities().supported_formats;
  }

  _getFeatures() {
    return this.#core.capabilities().features;
  }

  validateParameters(parameters) {
    return this.#ready().check(parameters).length === 0;
  }

  check(parameters) {
    const core = this.#ready();
    if (isReplaced(this, "validateParameters")) {
      return problemsOf(this.validateParameters(parameters));
    }
    return core.check(parameters);
  }

  process() {
    throw makeError({
      code: "unsupported",
      message: `${this.constructor.name} has no process() of its own`,
      hint: "write one that returns a task made by createTask() or runTask()",
    });
  }

  batchProcess(items) {
    return listOf(items).map((parameters) => {
      try {
        const task = this.process(parameters);
        if (task instanceof MediaTask) {
          return task;
        }
        throw makeError({ code: "config", message: "process() returned no task" });
      } catch (error) {
        const task = this.createTask(isDictionary(parameters) ? parameters : {});
        task.fail(error);
        return task;
      }
    });
  }

  createTask(parameters, metadata, options) {
    const core = this.#ready();
    const { onUpdate, signal } = optionsOf(options, {
      onUpdate: "function",
      signal: "AbortSignal",
    });
    signal?.throwIfAborted();
    const task = new MediaTask(core.createTask(parameters, metadata, presented(onUpdate)));
    cancelOn(signal, task);
    return task;
  }

  runTask(parameters, body, options) {
    mustBeValid(this, parameters);
    const task = this.createTask(parameters, undefined, options);
    run(task, body);
    return task;
  }

  getTask(taskId) {
    const task = this.#core.task(String(taskId));
    return task && new MediaTask(task);
  }

  listTasks(status) {
    return this.#core.tasks(status ?? undefined).map((task) => new MediaTask(task));
  }

  cancelTask(taskId) {
    return this.#core.cancelTask(String(taskId));
  }

  getCapabilities() {
    const capabilities = this.#ready().capabilities();
    capabilities.supported_formats = this._getSupportedFormats();
    capabilities.features = this._getFeatures();
    return capabilities;
  }
}

/** A workflow that speaks to a service, or to the sandbox. */
class ServiceWorkflow extends MediaFactory {
  process(parameters, options) {
    mustAgree(this, parameters);
    return begin(options, (timeout, onUpdate) =>
      ready(this).process(parameters, timeout, onUpdate),
    );
  }

  batchProcess(items) {
    const core = ready(this);
    const isOwn = this.process !== ServiceWorkflow.prototype.process;
    if (isOwn || isReplaced(this, "validateParameters")) {
      return super.batchProcess(items);
    }
    return core.batch(listOf(items)).map((task) => new MediaTask(task));
  }

  health() {
    return unlessTrapped(ready(this).list("health"));
  }

  listModels() {
    return unlessTrapped(ready(this).list("models"));
  }

  listStyles() {
    return unlessTrapped(ready(this).list("styles"));
  }

  listResolutions() {
    return unlessTrapped(ready(this).list("resolutions"));
  }
}

/** Pictures. */
export class ImageWorkflow extends ServiceWorkflow {}

/** Films. */
export class VideoWorkflow extends ServiceWorkflow {
  createFromImages(images, parameters, options) {
    const list = picturesOf(images);
    mustAgree(this, { ...parameters, mode: "image-sequence", images: list });
    return begin(options, (timeout, onUpdate) =>
      ready(this).createFromImages(list, parameters, timeout, onUpdate),
    );
  }
}

/** Speech. */
export class VoiceWorkflow extends ServiceWorkflow {
  textToSpeech(text, options) {
    const { voice = "default", language = "en", ...rest } = options ?? {};
    mustAgree(this, { text, voice, language });
    return begin(rest, (timeout, onUpdate) =>
      ready(this).textToSpeech(text, voice, language, timeout, onUpdate),
    );
  }

  cloneVoice(sample, text, options) {
    mustAgree(this, { text, audio_input: sample, model: "voice-clone" });
    return begin(options, (timeout, onUpdate) =>
      ready(this).cloneVoice(sample, text, timeout, onUpdate),
    );
  }

  listVoices() {
    return unlessTrapped(ready(this).list("voices"));
  }
}

/** Runs a workflow's `_setup`, if it has not run yet. */
export function setUp(workflow) {
  ready(workflow);
  return workflow;
}

function isReplaced(workflow, entry) {
  return workflow[entry] !== MediaFactory.prototype[entry];
}

function mustBeValid(workflow, parameters) {
  const issues = workflow.check(parameters);
  if (issues.length > 0) {
    throw invalid("parameters", issues);
  }
}

/** Lets a subclass's own `validateParameters` decide as well; the core asks for its own rules. */
function mustAgree(workflow, parameters) {
  if (isReplaced(workflow, "validateParameters")) {
    mustBeValid(workflow, parameters);
  }
}

function begin(options, start) {
  const { timeout, signal, onUpdate } = optionsOf(options, TASK_OPTIONS);
  signal?.throwIfAborted();
  const task = new MediaTask(start(timeout ?? undefined, presented(onUpdate)));
  cancelOn(signal, task);
  return task;
}

function presented(onUpdate) {
  return onUpdate ? (event) => onUpdate(eventOf(event)) : undefined;
}

function cancelOn(signal, task) {
  if (signal) {
    const cancel = () => task.cancel();
    signal.addEventListener("abort", cancel, { once: true });
    const forget = () => signal.removeEventListener("abort", cancel);
    task.wait().then(forget, forget);
  }
}

/** Moves a custom workflow's task around the body that does the work. */
async function run(task, body) {
  // The caller holds the task, PENDING, before the body begins.
  await undefined;
  const controller = new AbortController();
  const stop = () => controller.abort();
  task.wait().catch(stop);
  try {
    if (!task.isFinished) {
      task.start();
      const result = await body(task, controller.signal);
      if (!task.isFinished) {
        task.complete(await withBytes(result));
      }
    }
  } catch (error) {
    if (!task.isFinished) {
      task.fail(error);
    }
  }
}

/** A result whose Blobs were read: a task completes at once and cannot wait for them. */
async function withBytes(result) {
  if (result instanceof Blob) {
    return withBytes({ outputs: [result], raw: null });
  }
  if (!Array.isArray(result?.outputs)) {
    return result;
  }
  const outputs = result.outputs.map(async (output) => {
    if (output instanceof Blob) {
      return { bytes: await output.arrayBuffer(), mime_type: output.type };
    }
    return output?.bytes instanceof Blob
      ? { mime_type: output.bytes.type, ...output, bytes: await output.bytes.arrayBuffer() }
      : output;
  });
  return { ...result, outputs: await Promise.all(outputs) };
}

/** One picture is a list of one: text and views of bytes could be iterated as well. */
function picturesOf(images) {
  const isOne = typeof images === "string" || ArrayBuffer.isView(images);
  return !isOne && typeof images?.[Symbol.iterator] === "function" ? [...images] : [images];
}

function isDictionary(value) {
  return typeof value === "object" && !Array.isArray(value);
}

function listOf(items) {
  if (typeof items?.[Symbol.iterator] !== "function" || typeof items === "string") {
    const message = "batchProcess takes a list of parameters";
    throw invalid("parameters", [{ path: "", code: "type", message }]);
  }
  return [...items];
}
