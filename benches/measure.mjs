// One figure of the npm package in Node, made in a process of its own so that none warms another.
//
// `node measure.mjs FIGURE WORD…` prints it as JSON; `node_bench.mjs` asks for all of them.

import { exchange, loop, PARAMETERS, TASKS, WAITING } from "./bare.mjs";

const FIGURES = {
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

const [figure, ...words] = process.argv.slice(2);
const given = words.map((word) => (/^\d+$/.test(word) ? Number(word) : word));
console.log(JSON.stringify(await FIGURES[figure](...given)));
// What still waits for a server that never answers would keep the process.
process.exit();
