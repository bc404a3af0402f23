// What the npm package costs: in Node here, in a page and in bytes next door.
//
// Run by `cargo xtask bench`. Each figure is made in a process or page of its own, so that none
// warms another; ratios are between figures of the same round.

import { fileURLToPath } from "node:url";
import { build, fresh, TASKS, WAITING, withServer } from "./bare.mjs";
import { benchPage } from "./page_bench.mjs";
import { median, medians, ROUNDS, write, written } from "./results.mjs";
import { benchSandbox } from "./sandbox_bench.mjs";
import { benchSizes } from "./size_bench.mjs";

const SCRIPT = fileURLToPath(new URL("measure.mjs", import.meta.url));
const RUNTIME = `Node ${process.versions.node}`;
const AIM = 0.7;
const HOUR_MS = 3_600_000;

function throughput(url) {
  const rows = [
    [
      `tasks/s, ${written(TASKS)} tasks`,
      "bare node:http",
      "SDK",
      "ratio",
      "aim",
      "CPU s / 1,000",
      "bare",
    ],
  ];
  for (const concurrency of [1, 32, 256]) {
    const rounds = Array.from({ length: ROUNDS }, () => ({
      bare: fresh(SCRIPT, "bare", url, concurrency),
      own: fresh(SCRIPT, "batch", url, concurrency),
    }));
    const bare = medians(rounds.map((round) => round.bare));
    const own = medians(rounds.map((round) => round.own));
    const ratio = median(rounds.map((round) => round.own.rate / round.bare.rate));
    rows.push([
      `${concurrency} at once`,
      written(bare.rate),
      written(own.rate),
      written(ratio, 2),
      String(AIM),
      written(own.cpu, 3),
      written(bare.cpu, 3),
    ]);
  }
  return rows;
}

function several(...words) {
  return medians(Array.from({ length: ROUNDS }, () => fresh(SCRIPT, ...words)));
}

async function benchNode() {
  await withServer((url) => write("Node: throughput", throughput(url), RUNTIME));
  const [first, bareFirst] = await withServer((url) => [
    several("first-call", url).ms,
    several("bare-first-call", url).ms,
  ]);
  const { bytes } = await withServer((url) => fresh(SCRIPT, "memory", url), HOUR_MS);
  const { rate } = several("validation");
  const rows = [
    ["figure", "value"],
    ["from import to the first result", `${written(first, 1)} ms`],
    ["the same exchange by bare node:http", `${written(bareFirst, 1)} ms`],
    [`memory of a waiting task, ${written(WAITING)} of them`, `${written(bytes)} B`],
    ["validations/s", written(rate)],
  ];
  write("Node: import, memory, validation", rows, RUNTIME);
}

build();
await benchNode();
await benchSandbox();
await benchPage();
await benchSizes();
