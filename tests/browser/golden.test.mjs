// The golden jobs: the same bytes as in Rust, Python and Node, made in a page.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { launchChromium } from "./chromium.mjs";
import { serveFiles } from "./file-server.mjs";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
const jobs = JSON.parse(await readFile(new URL("../golden/jobs.json", import.meta.url)));

let files;
let browser;
let page;
before(async () => {
  files = await serveFiles(REPOSITORY, "/");
  browser = await launchChromium();
  page = await browser.newPage();
  await page.goto(`${files.url}tests/golden/page.html`);
  await page.waitForFunction(() => globalThis.run !== undefined);
});
after(async () => {
  await browser?.close();
  files?.close();
});

for (const job of jobs) {
  test(`golden job ${job.name}`, async () => {
    const found = await page.evaluate((asked) => globalThis.run(asked), job);
    assert.deepEqual(found, job.sha256);
  });
}
