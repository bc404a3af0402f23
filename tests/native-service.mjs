// The real service, as a process of its own on free ports of loopback.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import process from "node:process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const VARIABLE = "MEDIA_FACTORY_SERVICE";
const BUILT = ["release", "debug"]
  .map((profile) => new URL(`../target/${profile}/media-factory-service`, import.meta.url))
  .map(fileURLToPath);
const PROGRAM = process.env[VARIABLE] ?? BUILT.find(existsSync);
/** The environment without what would configure the service. */
const CLEAN = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith(VARIABLE)),
);
const ENDS = ["completed", "failed", "cancelled"];

/** A running service: where each medium is, and what it says when asked without the SDK. */
export class NativeService {
  /** Addresses by medium. */
  urls = {};
  #process;
  #ended;

  /**
   * Starts the program that `MEDIA_FACTORY_SERVICE` names, else what `cargo build` has left in the
   * repository. Its log is shown; `variables` are added to its environment.
   */
  static async start(options = [], { port = 0, variables = {} } = {}) {
    assert.ok(
      PROGRAM,
      "the service is not built: cargo build -p media-factory-service, or name the program in " +
        VARIABLE,
    );
    const child = spawn(PROGRAM, ["--port", String(port), "--log-level", "error", ...options], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...CLEAN, ...variables },
    });
    const service = new NativeService(child);
    await service.#listens(options.filter((option) => option === "--only").length || 3);
    return service;
  }

  /** Starts a service that ends with the test. */
  static async startFor(test, options, more) {
    const service = await NativeService.start(options, more);
    test.after(() => service.end());
    return service;
  }

  constructor(child) {
    this.#process = child;
    this.#ended = once(child, "exit");
  }

  /** Ends it as its user would. */
  async end() {
    this.#process.kill("SIGTERM");
    await this.#ended;
  }

  /** Ends it as a power cut would. */
  async kill() {
    this.#process.kill("SIGKILL");
    await this.#ended;
  }

  /** Puts these fault rules in force instead of all others. */
  async give(rules) {
    const body = JSON.stringify(rules);
    const headers = { "content-type": "application/json" };
    await this.#ask("image", "/admin/faults", { method: "POST", headers, body });
  }

  /** How often each fault rule hit. */
  async hits() {
    return (await this.#ask("image", "/admin/faults")).map((rule) => rule.hit);
  }

  /** Submissions and generations by idempotency key; only with `--faults`. */
  counters() {
    return this.#ask("image", "/admin/counters");
  }

  /** The status of the service's own task; `unknown` when there is none. */
  async statusOf(taskId, medium = "image") {
    return (await this.#ask(medium, `/tasks/${taskId}`))?.status ?? "unknown";
  }

  /** The status in which the service's own task ends; `unknown` when there is none. */
  async endOf(taskId, medium = "image") {
    for (let tries = 0; tries < 500; tries += 1) {
      const status = await this.statusOf(taskId, medium);
      if (status === "unknown" || ENDS.includes(status)) return status;
      await sleep(20);
    }
    throw new Error(`the service goes on with ${taskId}`);
  }

  async #listens(count) {
    for await (const line of createInterface({ input: this.#process.stdout })) {
      const { listening, url } = JSON.parse(line);
      this.urls[listening] = url;
      if (Object.keys(this.urls).length === count) return;
    }
    throw new Error("the service ended as it started");
  }

  async #ask(medium, path, init) {
    const response = await fetch(this.urls[medium] + path, init);
    const answer = await response.json();
    if (response.status === 404) return undefined;
    assert.equal(response.status, 200, JSON.stringify(answer));
    return answer;
  }
}
