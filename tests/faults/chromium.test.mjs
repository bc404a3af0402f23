// Every fault at every operation, in a page.

import process from "node:process";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { serveFiles } from "../browser/file-server.mjs";
import { NativeService } from "./native-service.mjs";
import { cases, check } from "./table.mjs";

const PACKAGE = fileURLToPath(new URL("../../bindings-wasm/dist", import.meta.url));
const RUN_CASE = fileURLToPath(new URL("run-case.mjs", import.meta.url));

let service;
let files;
let browser;
let page;
before(async () => {
  service = await NativeService.start(["image", "video"]);
  files = await serveFiles(PACKAGE, "/package/");
  browser = await chromium.launch({
    executablePath: process.env.MEDIA_FACTORY_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  page = await browser.newPage();
  await page.route(`${files.origin}/`, (route) =>
    route.fulfill({ contentType: "text/html", body: "<!doctype html>" }),
  );
  await page.route(`${files.origin}/run-case.mjs`, (route) =>
    route.fulfill({ contentType: "text/javascript", path: RUN_CASE }),
  );
  await page.goto(`${files.origin}/`);
});
after(async () => {
  await browser?.close();
  files?.close();
  await service?.kill();
});

for (const row of cases("chromium")) {
  test(row.name, () => check(service, row, () => page.evaluate(runInPage, place(row))));
}

function place(row) {
  return { row, endpoint: service.endpoints[row.medium] };
}

/** Runs in the page. */
async function runInPage({ row, endpoint }) {
  const { MediaFactoryRegistry } = await import("/package/index.js");
  const { runCase } = await import("/run-case.mjs");
  return runCase(MediaFactoryRegistry, endpoint, row);
}
