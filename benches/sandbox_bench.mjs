// How long the sandbox takes in WebAssembly, in Node's workers: the jobs of sandbox_bench.py.

import { readFile } from "node:fs/promises";
import { performance } from "node:perf_hooks";
import { MediaFactoryRegistry } from "media-factory";
import "media-factory/neural-voice";
import { medians, write, written } from "./results.mjs";

/** Each takes many seconds, and they differ little. */
const ROUNDS = 3;

export async function benchSandbox() {
  const jobs = JSON.parse(await readFile(new URL("sandbox_jobs.json", import.meta.url)));
  const registry = new MediaFactoryRegistry({ protocol: "sandbox" });
  await timed(registry, { medium: "image", parameters: { prompt: "a", resolution: "64x64" } });
  const rows = [["job", "first preview", "aim", "whole", "aim", "of the aim"]];
  for (const job of jobs) {
    const runs = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      runs.push(await timed(registry, job));
    }
    rows.push(row(job, medians(runs)));
  }
  write("Sandbox: WebAssembly", rows, `Node ${process.versions.node}`);
}

function row({ name, medium, wasm }, { preview, whole, length }) {
  if (medium === "voice") {
    const times = `${written((length * 1_000) / whole)} times real time`;
    return [name, "", "", times, `> ${wasm.times}`, ""];
  }
  const seconds = whole / 1_000;
  const first = medium === "image" ? `${written(preview)} ms` : "";
  const firstAim = medium === "image" ? `< ${wasm.preview * 1_000} ms` : "";
  const ratio = written(seconds / wasm.whole, 2);
  return [name, first, firstAim, `${written(seconds, 2)} s`, `< ${wasm.whole} s`, ratio];
}

/** Milliseconds until the first preview and until the end, and the seconds of the output. */
async function timed(registry, { medium, parameters }) {
  const began = performance.now();
  const task = registry.getWorkflow(medium).process(parameters);
  let preview;
  for await (const event of task.events()) {
    if (event.kind === "preview") {
      preview ??= performance.now() - began;
    }
  }
  const [output] = (await task.wait()).outputs;
  const whole = performance.now() - began;
  return { preview: preview ?? whole, whole, length: output.duration ?? 0 };
}
