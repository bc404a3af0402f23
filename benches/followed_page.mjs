// Ten thousand tasks of one page, followed at once: what that takes of memory and processor.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { pinned, SERVER_CORE, SERVICE } from "./bare.mjs";
import { INLINED } from "./bundle.mjs";
import { write, written } from "./results.mjs";

const FOLLOWED = 10_000;
const PARAMETERS = { prompt: "A futuristic city", resolution: "64x64" };
/** Every task takes this long on the service, so that all are open at the same time. */
const SECONDS = 15;
const PAGE_SIZE = 4_096;

/** `browser` is Chromium, `url` serves the bundles. */
export async function benchFollowed(browser, url) {
  const held = ["--blank", "--blank-seconds", String(SECONDS), "--workers", String(2 * FOLLOWED)];
  const figures = await withService(held, (endpoint) => follow(browser, url, endpoint));
  const { bytes, cpu, seconds } = figures;
  const rows = [
    [`${written(FOLLOWED)} tasks of ${SECONDS} s in one page`, "value"],
    ["memory of a followed task, whole process", `${written(bytes / FOLLOWED)} B`],
    ["processor time, submitted and followed", `${written(cpu, 1)} s in ${written(seconds, 1)} s`],
  ];
  write("Page: following", rows, `Chromium ${browser.version()}`);
}

async function follow(browser, url, endpoint) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(url);
    const processes = await browser.newBrowserCDPSession();
    const given = { script: INLINED, url: endpoint, parameters: PARAMETERS, tasks: FOLLOWED };
    await page.evaluate(warmUp, given);
    const before = await usage(processes);
    const began = performance.now();
    await page.evaluate(accepted, given);
    const grown = (await usage(processes)).resident - before.resident;
    await page.evaluate(() => globalThis.finished);
    const { cpu } = await usage(processes);
    const seconds = (performance.now() - began) / 1_000;
    return { bytes: grown, cpu: cpu - before.cpu, seconds };
  } finally {
    await context.close();
  }
}

/** Of all pages' processes: Chromium may move a page to another one. */
async function usage(processes) {
  const { processInfo } = await processes.send("SystemInfo.getProcessInfo");
  const pages = processInfo.filter(({ type }) => type === "renderer");
  const sizes = await Promise.all(pages.map(({ id }) => resident(id)));
  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
  return { cpu: sum(pages.map(({ cpuTime }) => cpuTime)), resident: sum(sizes) };
}

async function resident(pid) {
  const pages = (await readFile(`/proc/${pid}/statm`, "utf8")).split(" ")[1];
  return Number(pages) * PAGE_SIZE;
}

/** Runs in the page: loads the package and makes one task, so that all of it is there. */
async function warmUp({ script, url, parameters, tasks }) {
  const { ImageWorkflow } = await import(new URL(script, document.baseURI));
  globalThis.images = new ImageWorkflow({ service_endpoint: url, max_concurrency: tasks });
  await globalThis.images.health();
  globalThis.images.process(parameters).cancel();
}

/** Runs in the page: resolves when the service has accepted every task. */
async function accepted({ script, parameters, tasks }) {
  const { waitAll } = await import(new URL(script, document.baseURI));
  const all = globalThis.images.batchProcess(new Array(tasks).fill(parameters));
  globalThis.finished = waitAll(all, { raiseOnError: true }).then(() => undefined);
  while (all.some((task) => task.remoteId === null || task.remoteId === undefined)) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function withService(words, use) {
  const quiet = ["--only", "image", "--port", "0", "--log-level", "error"];
  const [program, ...rest] = pinned(SERVER_CORE, [SERVICE, ...quiet, ...words]);
  const service = spawn(program, rest, { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const [line] = await once(createInterface(service.stdout), "line");
    return await use(JSON.parse(line).url);
  } finally {
    service.kill();
  }
}
