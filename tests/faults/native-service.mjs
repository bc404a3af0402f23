// The real service in a process of its own, on loopback.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

const PROGRAM = "MEDIA_FACTORY_SERVICE";
const ENDS = ["completed", "failed", "cancelled"];

/** `media-factory-service --faults` for some media. */
export class NativeService {
  /** Addresses by medium. */
  endpoints = {};
  #process;

  static async start(media, { port = 0, dataDir } = {}) {
    const program = process.env[PROGRAM];
    assert.ok(program, `${PROGRAM} must name the built media-factory-service program`);
    const args = ["--faults", "--port", String(port), "--log-level", "error"];
    for (const medium of media) args.push("--only", medium);
    if (dataDir !== undefined) args.push("--data-dir", dataDir);
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
    const service = new NativeService(child);
    await service.#listens(media.length);
    return service;
  }

  constructor(child) {
    this.#process = child;
  }

  get imagePort() {
    return Number(new URL(this.endpoints.image).port);
  }

  async #listens(count) {
    for await (const line of createInterface({ input: this.#process.stdout })) {
      const place = JSON.parse(line);
      this.endpoints[place.listening] = place.url;
      if (Object.keys(this.endpoints).length === count) return;
    }
    throw new Error("the service ended as it started");
  }

  /** Ends it as a power cut would. */
  async kill() {
    const ended = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await ended;
  }

  /** Puts these fault rules in force instead of all others. */
  async give(rules) {
    const body = JSON.stringify(rules);
    const headers = { "content-type": "application/json" };
    await this.#ask("image", "/admin/faults", { method: "POST", headers, body });
  }

  /** How often each rule hit. */
  async hits() {
    return (await this.#ask("image", "/admin/faults")).map((rule) => rule.hit);
  }

  /** Submissions and generations by idempotency key. */
  counters() {
    return this.#ask("image", "/admin/counters");
  }

  /** The status in which the service's own task ends; `unknown` when there is none. */
  async endOf(medium, taskId) {
    for (let tries = 0; tries < 500; tries += 1) {
      const { status } = (await this.#ask(medium, `/tasks/${taskId}`)) ?? { status: "unknown" };
      if (status === "unknown" || ENDS.includes(status)) return status;
      await sleep(20);
    }
    throw new Error(`the service goes on with ${taskId}`);
  }

  async #ask(medium, path, init) {
    const response = await fetch(this.endpoints[medium] + path, init);
    const answer = await response.json();
    if (response.status === 404) return undefined;
    assert.equal(response.status, 200, JSON.stringify(answer));
    return answer;
  }
}
