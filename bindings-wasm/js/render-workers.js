// Renders for the sandbox in workers, which are started when they are first needed.

import { extras } from "./extras.js";
import { failure } from "./failure.js";
import { platform } from "./platform.js";

export { encodesFilms } from "./platform.js";

const LEAST = 2;
const MOST = 4;
/** A module's memory never shrinks: a worker with more of it than this many bytes is not kept. */
const MOST_KEPT = 128 << 20;
const idle = [];

/**
 * How many workers there may be at once: one processor stays free for the page, and there are two
 * at least, so that a sentence does not wait for a film.
 */
export function mostWorkers() {
  return Math.min(MOST, Math.max(LEAST, (platform().processors() ?? LEAST) - 1));
}

/** Whether the page imported the neural voice. */
export function hasNeuralVoice() {
  return extras.neuralVoice !== undefined;
}

/** Starts one render; see `sandbox-server/src/workers.rs`. */
export function render(mediaType, parameters, inputs, fidelity, onProgress) {
  const order = new Order(onProgress);
  const renderer = idle.pop() ?? Renderer.start();
  if (renderer === undefined) {
    order.fail("unsupported", "the sandbox needs workers, and there are none here");
  } else {
    renderer.take(order, { mediaType, parameters, inputs, fidelity, extras });
  }
  return order;
}

/** One render that has begun. */
class Order {
  renderer;
  #settle;
  #onProgress;

  constructor(onProgress) {
    this.#onProgress = onProgress;
    this.result = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    // Nobody may be left to hear of a failure.
    this.result.catch(() => {});
  }

  progress(fraction, stage, preview) {
    this.#onProgress(fraction, stage, preview);
  }

  done(parts) {
    this.renderer = undefined;
    this.#settle.resolve(parts);
  }

  fail(kind, message) {
    this.failed(failure(kind, message));
  }

  failed(failure) {
    this.renderer = undefined;
    this.#settle.reject(failure);
  }

  /** Called when nobody waits any more. A worker that renders hears nothing, so it is ended. */
  stop() {
    this.renderer?.end();
  }
}

/** One worker, for one render at a time. */
class Renderer {
  #worker;
  #order;

  /** A new worker; nothing where the platform has none. */
  static start() {
    const renderer = new Renderer();
    try {
      renderer.#worker = platform().startRenderer(
        (message) => renderer.#hear(message),
        (reason) => renderer.#lose(reason),
      );
    } catch {
      // A platform may forbid workers, by a content security policy for example.
      renderer.#worker = undefined;
    }
    return renderer.#worker && renderer;
  }

  take(order, message) {
    this.#order = order;
    order.renderer = this;
    this.#worker.hold();
    this.#worker.post(message);
  }

  end() {
    this.#order = undefined;
    this.#worker.end();
  }

  #hear({ progress, parts, failed, trap, memory }) {
    const order = this.#order;
    if (progress !== undefined) {
      order?.progress(progress.fraction, progress.stage, progress.preview);
      return;
    }
    const reason =
      trap === undefined ? failed : failure("internal", `the sandbox's engine failed: ${trap}`);
    // After a defect the memory of the worker's modules cannot be trusted.
    const isBroken = reason !== undefined && JSON.parse(reason).kind === "internal";
    isBroken || memory > MOST_KEPT ? this.end() : this.#rest();
    reason === undefined ? order?.done(parts) : order?.failed(reason);
  }

  /** The worker can take another order. */
  #rest() {
    this.#order = undefined;
    this.#worker.release();
    idle.push(this);
  }

  /** The worker has ended by itself, or never begun. */
  #lose(reason) {
    const order = this.#order;
    this.#order = undefined;
    const place = idle.indexOf(this);
    if (place >= 0) {
      idle.splice(place, 1);
    }
    order?.fail("internal", `the sandbox's worker failed: ${reason}`);
  }
}
