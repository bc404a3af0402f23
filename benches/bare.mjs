// The bare server and the bare loops that the SDK is measured against.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import http from "node:http";
import { availableParallelism } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));
const TARGET = process.env.CARGO_TARGET_DIR ?? path.join(ROOT, "target");
const SERVER = path.join(TARGET, "release", "bare-server");
export const SERVICE = path.join(TARGET, "release", "media-factory-service");
const CLIENT_CORE = 0;
export const SERVER_CORE = availableParallelism() - 1;

/** How many tasks a rate is made of, and how many wait when memory is measured. */
export const TASKS = 5_000;
export const WAITING = 100_000;

export const PARAMETERS = {
  prompt: "A futuristic city",
  style: "realistic",
  resolution: "1024x1024",
  hdr: true,
};

/** What the SDK sends for a task, so that the bare loops send the same. */
export const REQUEST = {
  method: "POST",
  headers: {
    "content-type": "application/json",
    prefer: "respond-async",
    "idempotency-key": "019dd0f5-8b40-7000-8000-000000000001",
  },
  body: JSON.stringify(PARAMETERS),
};

/** Builds the bare server and the service; quick when nothing changed. */
export function build() {
  const packages = ["-p", "media-factory-benches", "-p", "media-factory-service"];
  const command = ["build", "--quiet", "--release", ...packages];
  const { status } = spawnSync("cargo", command, { cwd: ROOT, stdio: "inherit" });
  if (status !== 0) {
    throw new Error("the servers could not be built, see above");
  }
}

/** A command line that keeps the program on one core, where the system can. */
export function pinned(core, command) {
  const isPossible = spawnSync("taskset", ["--version"]).status === 0;
  return isPossible ? ["taskset", "--cpu-list", String(core), ...command] : command;
}

/** Calls `use` with the address of a server that waits so many milliseconds before each answer. */
export async function withServer(use, pauseMs = 0) {
  const [program, ...words] = pinned(SERVER_CORE, [SERVER, String(pauseMs)]);
  const server = spawn(program, words, { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const [address] = await once(createInterface(server.stdout), "line");
    return await use(address);
  } finally {
    server.kill();
  }
}

/** Runs a script in a Node of its own on the client's core and gives the JSON that it prints. */
export function fresh(script, ...words) {
  const [program, ...rest] = pinned(CLIENT_CORE, [process.execPath, script, ...words.map(String)]);
  const options = { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" };
  const { status, stdout } = spawnSync(program, rest, options);
  if (status !== 0) {
    throw new Error(`${words.join(" ")} failed, see above`);
  }
  return JSON.parse(stdout);
}

/** One exchange by `node:http`; resolves when the body was read. */
export function exchange(url, agent) {
  return new Promise((resolve, reject) => {
    const { method, headers, body } = REQUEST;
    const length = { "content-length": Buffer.byteLength(body) };
    const options = { method, headers: { ...headers, ...length }, agent };
    const request = http.request(`${url}/generate`, options, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => resolve(Buffer.concat(chunks)));
      response.on("error", reject);
    });
    request.on("error", reject);
    request.end(body);
  });
}

/** Does so many exchanges, so many at once. */
export async function loop(tasks, concurrency, exchange) {
  let left = tasks;
  const place = async () => {
    for (; left > 0; ) {
      left -= 1;
      await exchange();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, place));
}
