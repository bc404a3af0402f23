// The sandbox's engine in a worker thread of Node.

import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { parentPort } from "node:worker_threads";
import { initSync } from "../pkg/media_factory_sandbox_worker.js";
import { work } from "./sandbox-job.js";

const file = new URL("./media_factory_sandbox_worker_bg.wasm", import.meta.url);
const { memory } = initSync({ module: readFileSync(file) });

const post = (message, moved) =>
  parentPort.postMessage({ ...message, memory: memory.buffer.byteLength }, moved);
const read = (address) => readFile(new URL(address));
parentPort.on("message", (order) => work(order, post, read));
