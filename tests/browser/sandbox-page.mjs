import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { launchChromium } from "./chromium.mjs";
import { serveFiles } from "./file-server.mjs";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Opens `tests/golden/page.html`, a page with a registry of the sandbox, for the tests of one file.
 * Gives a function that runs another one in that page: `run(work, given)`.
 */
export function sandboxPage() {
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
  return (work, given) => page.evaluate(work, given);
}
