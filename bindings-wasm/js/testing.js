// For tests of your own application: a registry on which nothing moves by itself.

import { CoreHarness, initSync } from "../pkg/media_factory_testing.js";
import module from "../pkg/media_factory_testing_bg.wasm";
import { MediaFactoryRegistry } from "./registry.js";

// A core of its own, so that no page carries what only tests need.
initSync({ module });

/** Scripted transport, manual clock and scripted random numbers, with a registry on top. */
export class TestBench {
  #core;

  constructor(scenario = {}) {
    this.#core = new CoreHarness(scenario);
    this.registry = new MediaFactoryRegistry(scenario.config, this.#core.registry());
  }

  get elapsed() {
    return this.#core.elapsed;
  }

  get requests() {
    return this.#core.requests;
  }

  get problems() {
    return this.#core.problems;
  }

  async settle() {
    this.#core.settle();
    await callbacks();
  }

  async advance(seconds) {
    this.#core.advance(seconds);
    await callbacks();
  }

  async run() {
    this.#core.run();
    await callbacks();
  }

  async until(promise) {
    let isSettled = false;
    const settle = () => {
      isSettled = true;
    };
    promise.then(settle, settle);
    await this.settle();
    while (!isSettled && this.#core.step()) {
      await callbacks();
    }
    if (!isSettled) {
      throw new Error("nothing is left that could settle this promise");
    }
    return promise;
  }
}

/** Where `actual` differs from what a conformance vector expects, in words. */
export function mismatch(expected, actual) {
  return CoreHarness.mismatch(expected, actual);
}

/** Resolves after the microtasks in which callbacks and promises of the core are told. */
function callbacks() {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
