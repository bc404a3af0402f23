// What differs between a page, a worker and Node. The Node entry replaces what this says.

import { MediaFactoryError } from "./errors.js";

const page = {
  environment: () => undefined,
  connectionsAreScarce: true,
  /** Carries requests in place of fetch: an object with `send`, see `node-transport.js`. */
  transport: undefined,
  processors: () => globalThis.navigator?.hardwareConcurrency,
  /** The module of the sandbox's server, in any form that can be instantiated. */
  serverModule: () => new URL("./media_factory_sandbox_server_bg.wasm", import.meta.url),
  startRenderer(onMessage, onEnd) {
    if (typeof Worker === "undefined") {
      return undefined;
    }
    const worker = new Worker(new URL("./sandbox-worker.js", import.meta.url), { type: "module" });
    worker.onmessage = (event) => onMessage(event.data);
    worker.onerror = (event) => {
      event.preventDefault();
      onEnd(event.message || "its worker could not be started");
    };
    return {
      post: (message) => worker.postMessage(message),
      end: () => worker.terminate(),
      // A worker does not keep a page open.
      hold() {},
      release() {},
    };
  },
  report(exception) {
    if (typeof reportError === "function") {
      reportError(exception);
    } else {
      console.error(exception);
    }
  },
  save: undefined,
  adopt() {},
};

let current = page;

/** The platform as it is now. */
export function platform() {
  return current;
}

/** Replaces some of what a page does. */
export function usePlatform(other) {
  current = { ...page, ...other };
}

export const environment = (name) => current.environment(name);
export const baseUrl = () => globalThis.document?.baseURI;
export const connectionsAreScarce = () => current.connectionsAreScarce;
/** Whether the sandbox's workers find an encoder of films here: a browser's, never Node's. */
export const encodesFilms = () => typeof VideoEncoder === "function";
export const report = (exception) => current.report(exception);

const waiting = new Set();
let defect;

/** The error that ended the core, once one did. */
export function coreDefect() {
  return defect;
}

/** A promise of the core, which would never settle after the core has ended. */
export function unlessTrapped(promise) {
  if (defect) {
    return Promise.reject(defect);
  }
  const { promise: guarded, resolve, reject } = withResolvers();
  waiting.add(reject);
  promise.then(resolve, reject).finally(() => waiting.delete(reject));
  return guarded;
}

function withResolvers() {
  let resolve;
  let reject;
  const promise = new Promise((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

/** Called by the core with its last breath. */
export function trapped(message) {
  defect = new MediaFactoryError(`the core of Media Factory has ended: ${message}`, {
    hint: "this is a defect; reload the page or restart the process, and please report it",
  });
  console.error(defect.message);
  for (const reject of waiting) {
    reject(defect);
  }
  waiting.clear();
}
