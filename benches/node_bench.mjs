// What the npm package costs: in Node here, in a page and in bytes next door.
//
// Run by `cargo xtask bench`. Each figure is made in a process or page of its own, so that none
// warms another; ratios are between figures of the same round.

import { fileURLToPath } from "node:url";
import { build, exchange, fresh, loop, PARAMETERS, withServer } from "./bare.mjs";
import { benchPage } from "./page_bench.mjs";
import { median, medians, ROUNDS, write, written } from "./results.mjs";
import { benchSizes } from "./size_bench.mjs";

const SCRIPT = fileURLToPath(import.meta.url);
const RUNTIME = `Node ${process.versions.node}`;
const TASKS = 5_000;
const WAITING = 100_000;
const AIM = 0.7;
const HOUR_MS = 3_600_000;

/** What a fresh process can be asked to measure. */
const MEASURES = {
  async bare(url, concurrency) {
    const { Agent } = await import("node:http");
    const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
    await exchange(url, agent);
    const figures = await measured(() => loop(TASKS, concurrency, () => exchange(url, agent)));
    agent.destroy();
    return figures;
  },

  async batch(url, concurrency) {
    const { waitAll } = await import("media-factory");
    const images = await workflow(url, concurrency);
    await images.process(PARAMETERS).wait();
    return measured(async () => {
      const tasks = images.batchProcess(new Array(TASKS).fill(PARAMETERS));
      await waitAll(tasks, { raiseOnError: true });
    });
  },

  async "bare-first-call"(url) {
    const began = performance.now();
    await exchange(url);
    return { ms: performance.now() - began };
  },

  async "first-call"(url) {
    const began = performance.now();
    const images = await workflow(url, 1);
    await images.process(PARAMETERS).wait();
    return { ms: performance.now() - began };
  },

  async validation() {
    const images = await workflow("http://127.0.0.1:9", 1);
    const count = 100_000;
    const validate = (times) => {
      for (let done = 0; done < times; done += 1) {
        images.validateParameters(PARAMETERS);
      }
    };
    validate(5_000);
    const began = performance.now();
    validate(count);
    return { rate: (count / (performance.now() - began)) * 1_000 };
  },

  async memory(url) {
    const images = await workflow(url, 1);
    images.process(PARAMETERS).cancel();
    const parameters = Array.from({ length: WAITING }, () => ({ ...PARAMETERS }));
    const before = process.memoryUsage().rss;
    const tasks = images.batchProcess(parameters);
    const bytes = (process.memoryUsage().rss - before) / WAITING;
    for (const task of tasks) {
      task.cancel();
    }
    return { bytes };
  },
};

async function workflow(url, concurrency) {
  const { ImageWorkflow } = await import("media-factory");
  return new ImageWorkflow({ service_endpoint: url, max_concurrency: concurrency });
}

/** Tasks per second, and seconds of processor time for a thousand. */
async function measured(work) {
  const before = process.cpuUsage();
  const began = performance.now();
  await work();
  const seconds = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(before);
  return { rate: TASKS / seconds, cpu: (user + system) / 1_000 / TASKS };
}

function throughput(url) {
  const rows = [
    ["tasks/s, 5,000 tasks", "bare node:http", "SDK", "ratio", "aim", "CPU s / 1,000", "bare"],
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

const [measure, ...words] = process.argv.slice(2);
if (measure === undefined) {
  build();
  await benchNode();
  await benchPage();
  await benchSizes();
} else {
  const given = words.map((word) => (/^\d+$/.test(word) ? Number(word) : word));
  console.log(JSON.stringify(await MEASURES[measure](...given)));
  // What still waits for a server that never answers would keep the process.
  process.exit();
}
