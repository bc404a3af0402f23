import { CoreRegistry } from "../pkg/media_factory.js";
import { makeError } from "./errors.js";
import { useFallback, within } from "./home.js";
import { INSPECT } from "./inspect.js";
import { ownFetch } from "./own-fetch.js";
import { isPlain } from "./plain.js";
import { platform } from "./platform.js";
import { sandboxTransport } from "./sandbox.js";
import { MediaTask } from "./task.js";
import { ImageWorkflow, MediaFactory, setUp, VideoWorkflow, VoiceWorkflow } from "./workflow.js";

/** Maps media types to workflow classes and owns their tasks. */
export class MediaFactoryRegistry {
  #core;
  #classes = new Map([
    ["image", ImageWorkflow],
    ["video", VideoWorkflow],
    ["voice", VoiceWorkflow],
  ]);
  #fetches = {};
  /** Transports by the user's function, so that its workflows share their endpoints. */
  #transports = new WeakMap();

  constructor(defaults, core = new CoreRegistry(platform().transport, sandboxTransport())) {
    this.#core = core;
    if (defaults !== undefined) {
      this.configure(defaults);
    }
    platform().adopt(this);
  }

  configure(defaults) {
    const [config, fetches] = withoutFetches(defaults, this.#core.available());
    this.#core.configure(config);
    this.#fetches = fetches;
  }

  register(name, type) {
    if (typeof type !== "function" || !(type.prototype instanceof MediaFactory)) {
      const message = `'${String(name)}' must be registered with a class that extends MediaFactory`;
      throw makeError({ code: "config", message });
    }
    this.#core.register(String(name));
    this.#classes.set(String(name), type);
  }

  listAvailableWorkflows() {
    return this.#core.available();
  }

  getWorkflow(mediaType, config) {
    const name = String(mediaType);
    this.#core.mustKnow(name);
    const type = this.#classes.get(name);
    return setUp(within(this.#home(name), () => new type(config)));
  }

  getTask(taskId) {
    const task = this.#core.task(String(taskId));
    return task && new MediaTask(task);
  }

  listTasks(status) {
    return this.#core.tasks(status ?? undefined).map((task) => new MediaTask(task));
  }

  cancelTask(taskId) {
    return this.getTask(taskId)?.cancel() ?? false;
  }

  [INSPECT]() {
    return `MediaFactoryRegistry(${this.listAvailableWorkflows().join(", ")})`;
  }

  /** How a workflow class gets its core from this registry. */
  #home(name) {
    return { connect: (type, config) => this.#connect(name ?? this.#nameOf(type), config) };
  }

  #connect(name, config) {
    const [plain, own] = withoutFetches(config, []);
    const carrier = own[""] ?? this.#fetches[name] ?? this.#fetches[""];
    if (carrier === undefined) {
      return this.#core.workflow(name, plain);
    }
    if (!this.#transports.has(carrier)) {
      this.#transports.set(carrier, this.#core.transport(ownFetch(carrier)));
    }
    return this.#core.workflowOver(name, plain, this.#transports.get(carrier));
  }

  /** The name of a class: as registered, or of the nearest registered class that it extends. */
  #nameOf(type) {
    for (let known = type; known !== MediaFactory; known = Object.getPrototypeOf(known)) {
      for (const [name, registered] of this.#classes) {
        if (registered === known) {
          return name;
        }
      }
    }
    return type.name;
  }

  static {
    useFallback(() => standard().#home());
  }

  static configure(defaults) {
    standard().configure(defaults);
  }

  static register(name, type) {
    standard().register(name, type);
  }

  static listAvailableWorkflows() {
    return standard().listAvailableWorkflows();
  }

  static getWorkflow(mediaType, config) {
    return standard().getWorkflow(mediaType, config);
  }

  static getTask(taskId) {
    return standard().getTask(taskId);
  }

  static listTasks(status) {
    return standard().listTasks(status);
  }

  static cancelTask(taskId) {
    return standard().cancelTask(taskId);
  }
}

let theStandard;

/** The default registry, made when it is first needed: importing alone starts nothing. */
function standard() {
  theStandard ??= new MediaFactoryRegistry();
  return theStandard;
}

/**
 * A configuration without its `fetch` functions, which are no data, and those functions by medium;
 * the general one under "".
 */
function withoutFetches(config, media) {
  const fetches = {};
  // The core says what is wrong with the rest, which would become a dictionary here.
  if (!isPlain(config)) {
    return [config, fetches];
  }
  const take = (part, name) => {
    const { fetch, ...rest } = part;
    if (fetch !== undefined && fetch !== null) {
      fetches[name] = checkedFetch(fetch);
    }
    return rest;
  };
  const plain = take(config, "");
  for (const name of media) {
    if (isPlain(plain[name])) {
      plain[name] = take(plain[name], name);
    }
  }
  return [plain, fetches];
}

function checkedFetch(fetch) {
  if (typeof fetch !== "function") {
    const issue = { path: "fetch", code: "type", message: "fetch must be a function" };
    const message = `invalid configuration: ${issue.message}`;
    throw makeError({ code: "config", message, issues: [issue] });
  }
  return fetch;
}
