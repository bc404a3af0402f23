// Every fault at every operation, in a page.

import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { launchChromium } from "../browser/chromium.mjs";
import { serveFiles } from "../browser/file-server.mjs";
import { NativeService } from "../native-service.mjs";
import { cases, check } from "./table.mjs";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));

let service;
let files;
let browser;
let page;
before(async () => {
  service = await NativeService.start(["--faults", "--only", "image", "--only", "video"]);
  files = await serveFiles(REPOSITORY, "/");
  browser = await launchChromium();
  page = await browser.newPage();
  await page.goto(`${files.url}tests/faults/page.html`);
  await page.waitForFunction(() => globalThis.run !== undefined);
});
after(async () => {
  await browser?.close();
  files?.close();
  await service?.end();
});

for (const row of cases("chromium")) {
  test(row.name, () => check(service, row, () => page.evaluate(runInPage, place(row))));
}

function place(row) {
  return { row, endpoint: service.urls[row.medium] };
}

/** Runs in the page. */
function runInPage({ row, endpoint }) {
  return globalThis.run(endpoint, row);
}
