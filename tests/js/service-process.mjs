// The real service, as a program of its own on loopback.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const BUILT = ["release", "debug"]
  .map((profile) => new URL(`../../target/${profile}/media-factory-service`, import.meta.url))
  .map(fileURLToPath);
const PROGRAM = process.env.MEDIA_FACTORY_SERVICE ?? BUILT.find(existsSync);

/**
 * Starts the service on free ports and gives its addresses by medium; it ends with the test.
 * `variables` are added to its environment.
 */
export async function start(test, options = [], variables = {}) {
  assert.ok(
    PROGRAM,
    "the service is not built: cargo build -p media-factory-service, or name the program in " +
      "MEDIA_FACTORY_SERVICE",
  );
  const child = spawn(PROGRAM, ["--port", "0", "--log-level", "error", ...options], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...variables },
  });
  const ended = once(child, "exit");
  test.after(async () => {
    child.kill("SIGTERM");
    await ended;
  });
  const urls = {};
  for await (const line of createInterface({ input: child.stdout })) {
    const { listening, url } = JSON.parse(line);
    urls[listening] = url;
    if (Object.keys(urls).length === 3) {
      return urls;
    }
  }
  throw new Error("the service ended before it listened");
}
