/**
 * For tests of your own application: a registry on which nothing moves by itself.
 *
 * @packageDocumentation
 */

import type { DefaultConfig, MediaFactoryRegistry } from "./index.js";

/** What the scripted service answers, and what the ports give. */
export interface Scenario {
  /** In the order in which they may be used; each answers one request unless it is `standing`. */
  exchanges?: Exchange[];
  /** The first random numbers; 0.5 from then on. */
  random?: number[];
  /** The environment, in place of the real one. */
  env?: Record<string, string>;
  /** Whether connections to one origin are few, as in a page: tasks then share an event stream. */
  scarce?: boolean;
  /** Default configuration of the registry. */
  config?: DefaultConfig;
}

/** One request that is expected, and what answers it. `{id}` stands for the task's id. */
export interface Exchange {
  /** What the request must have, e.g. `{ method: "POST", url: "…" }`; nothing accepts any. */
  expect?: Record<string, unknown>;
  /** `{ status?, headers?, json | text | base64 | chunks, after? }` or `{ fault, after? }`. */
  reply: Record<string, unknown>;
  /** May stay unused, and answers any number of requests. */
  standing?: boolean;
}

/** Scripted transport, manual clock and scripted random numbers, with a registry on top. */
export declare class TestBench {
  /** @throws {@link ConfigError} when the scenario or its configuration is malformed. */
  constructor(scenario?: Scenario);
  /** The registry under test. */
  readonly registry: MediaFactoryRegistry;
  /** Seconds since the start, which is 2026-11-22T09:40:00Z. */
  get elapsed(): number;
  /** Every request so far: `{ at, method, url, headers, json | base64 }`, `at` in seconds. */
  get requests(): Record<string, unknown>[];
  /** Requests that nobody expected, and exchanges that never happened. */
  get problems(): string[];
  /** Runs what can run without time passing; callbacks have been called when it resolves. */
  settle(): Promise<void>;
  /** Lets so many seconds pass. */
  advance(seconds: number): Promise<void>;
  /** Jumps from one sleeper to the next until nothing is left to do. */
  run(): Promise<void>;
  /**
   * Moves on until the promise settles, and gives what it gives.
   * @throws What the promise rejects with; an `Error` when nothing is left that could settle it.
   */
  until<Value>(promise: Promise<Value>): Promise<Value>;
}

/**
 * Where `actual` differs from what a conformance vector expects, in words. Objects may have more
 * members than expected; `{ $any: "uuid" }` and the like stand for any such value.
 */
export declare function mismatch(expected: unknown, actual: unknown): string | undefined;
