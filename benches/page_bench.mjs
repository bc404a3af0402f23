// What the npm package costs in a page: Chromium, a page for each round.

import { launchChromium } from "../tests/browser/chromium.mjs";
import { serveFiles } from "../tests/browser/file-server.mjs";
import { PARAMETERS, REQUEST, withServer } from "./bare.mjs";
import { ASSET, INLINED, withBundles } from "./bundle.mjs";
import { benchFollowed } from "./followed_page.mjs";
import { median, medians, ROUNDS, write, written } from "./results.mjs";

const TASKS = 1_000;
/** Beyond six, a page's requests to one origin wait for each other inside the browser. */
const CONCURRENCIES = [1, 4, 32];
const AIM = 0.9;

export async function benchPage() {
  const browser = await launchChromium();
  try {
    await withBundles(async (folder) => {
      const server = await serveFiles(folder);
      const inPage = (work, given) => freshPage(browser, server.url, work, given);
      const runtime = `Chromium ${browser.version()}`;
      write("Page: throughput", await throughput(inPage), runtime);
      write("Page: import", await firstCalls(inPage), runtime);
      await benchFollowed(browser, server.url);
      server.close();
    });
  } finally {
    await browser.close();
  }
}

/** Runs `work` in a page that has cached nothing. */
async function freshPage(browser, url, work, given) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(url);
    return await page.evaluate(work, given);
  } finally {
    await context.close();
  }
}

async function throughput(inPage) {
  const rows = [[`tasks/s, ${written(TASKS)} tasks`, "bare fetch", "SDK", "ratio", "aim"]];
  for (const concurrency of CONCURRENCIES) {
    const rounds = [];
    while (rounds.length < ROUNDS) {
      const given = { request: REQUEST, parameters: PARAMETERS, tasks: TASKS, concurrency };
      const compare = (url) => inPage(ratesInPage, { ...given, url, script: INLINED });
      rounds.push(await withServer(compare));
    }
    const { bare, own } = medians(rounds);
    const ratio = median(rounds.map((round) => round.own / round.bare));
    const rates = [written(bare), written(own), written(ratio, 2), String(AIM)];
    rows.push([`${concurrency} at once`, ...rates]);
  }
  return rows;
}

async function firstCalls(inPage) {
  const rows = [["from import to the first result", "ms"]];
  for (const [name, script] of [
    ["the module inside the script (media-factory)", INLINED],
    ["the module as a file (media-factory/asset)", ASSET],
    ["the same exchange by bare fetch", undefined],
  ]) {
    const rounds = [];
    while (rounds.length < ROUNDS) {
      const given = { request: REQUEST, parameters: PARAMETERS, script };
      rounds.push(await withServer((url) => inPage(firstCallInPage, { ...given, url })));
    }
    rows.push([name, written(median(rounds), 1)]);
  }
  return rows;
}

/** Runs in the page: tasks per second of a bare loop and of the SDK. */
async function ratesInPage({ url, script, request, parameters, tasks, concurrency }) {
  const { ImageWorkflow, waitAll } = await import(new URL(script, document.baseURI));
  const images = new ImageWorkflow({ service_endpoint: url, max_concurrency: concurrency });
  const bare = async (count) => {
    let left = count;
    const place = async () => {
      for (; left > 0; ) {
        left -= 1;
        const response = await fetch(`${url}/generate`, request);
        await response.arrayBuffer();
      }
    };
    await Promise.all(Array.from({ length: concurrency }, place));
  };
  const own = async (count) => {
    const all = images.batchProcess(new Array(count).fill(parameters));
    await waitAll(all, { raiseOnError: true });
  };
  const rate = async (work) => {
    const began = performance.now();
    await work(tasks);
    return tasks / ((performance.now() - began) / 1_000);
  };
  // The first of each opens connections and compiles what it runs.
  await bare(tasks / 10);
  await own(tasks / 10);
  return { bare: await rate(bare), own: await rate(own) };
}

/** Runs in the page: milliseconds until the first answer is there, by the SDK or without it. */
async function firstCallInPage({ url, script, request, parameters }) {
  const began = performance.now();
  if (script === undefined) {
    const response = await fetch(`${url}/generate`, request);
    await response.arrayBuffer();
  } else {
    const { ImageWorkflow, init } = await import(new URL(script, document.baseURI));
    await init?.();
    await new ImageWorkflow({ service_endpoint: url }).process(parameters).wait();
  }
  return performance.now() - began;
}
