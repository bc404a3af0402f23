// The golden jobs: the same bytes as in Rust, Python and a page, through the public API.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { MediaFactoryRegistry } from "media-factory";
import { runJob } from "../golden/run-job.js";

const folder = new URL("../golden/", import.meta.url);
const jobs = JSON.parse(await readFile(new URL("jobs.json", folder)));
const registry = new MediaFactoryRegistry({ protocol: "sandbox" });
const read = (file) => readFile(new URL(`inputs/${file}`, folder));

for (const job of jobs) {
  test(`golden job ${job.name}`, async () => {
    assert.deepEqual(await runJob(registry, job, read), job.sha256);
  });
}
