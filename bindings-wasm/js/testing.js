// For tests of your own application: a registry on which nothing moves by itself.

import { CoreHarness } from "../pkg/media_factory.js";
import "./core.js";
import { MediaFactoryRegistry } from "./registry.js";

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
}

/** Resolves after the microtasks in which callbacks and promises of the core are told. */
function callbacks() {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
