// The golden jobs: the same bytes as in Rust, Python and Node, made in a page.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { sandboxPage } from "./sandbox-page.mjs";

const jobs = JSON.parse(await readFile(new URL("../golden/jobs.json", import.meta.url)));
const run = sandboxPage();

for (const job of jobs) {
  test(`golden job ${job.name}`, async () => {
    assert.deepEqual(await run((asked) => globalThis.run(asked), job), job.sha256);
  });
}
