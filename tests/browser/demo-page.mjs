import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { launchChromium } from "./chromium.mjs";
import { serveFiles } from "./file-server.mjs";

const DIST = fileURLToPath(new URL("../../js-demo/dist", import.meta.url));
/** Milliseconds for what the page does at once, and for what is rendered: busy machines test too. */
const PATIENCE = 20_000;
const RENDERING = 180_000;

/**
 * Starts the file server and Chromium for the tests of one file, and ends both after them. Gives a
 * function that opens the page for one test: `open(test, { allow, ...context })`, where `allow`
 * lists origins other than the page's own that it may speak to.
 */
export function demo() {
  let server;
  let browser;
  before(async () => {
    server = await serveFiles(DIST);
    browser = await launchChromium();
  });
  after(async () => {
    await browser?.close();
    server?.close();
  });
  return async (test, { allow = [], ...options } = {}) => {
    const context = await browser.newContext(options);
    const page = new DemoPage(await context.newPage(), [server.origin, ...allow]);
    test.after(() => context.close());
    await context.addInitScript(provideMetadata);
    await page.page.goto(server.url);
    return page;
  };
}

/** Runs in the page: gives it a promise of what the head of a film or sound says. */
function provideMetadata() {
  globalThis.metadataOf = (player) =>
    new Promise((resolve, reject) => {
      player.onloadedmetadata = resolve;
      player.onerror = () => reject(new Error(player.error.message));
      if (player.readyState >= HTMLMediaElement.HAVE_METADATA) resolve();
    });
}

/** The page as a user meets it: by labels and roles. */
export class DemoPage {
  /** What the browser complained about: messages, uncaught exceptions. */
  complaints = [];
  /** Addresses that the page had no business with. */
  strayRequests = [];

  constructor(page, origins) {
    this.page = page;
    page.setDefaultTimeout(PATIENCE);
    const context = page.context();
    context.on("console", (message) => {
      if (message.type() === "error") this.complaints.push(message.text());
    });
    context.on("weberror", (error) => this.complaints.push(String(error.error())));
    context.on("request", (request) => {
      const { protocol, origin } = new URL(request.url());
      const local = protocol === "blob:" || protocol === "data:" || origins.includes(origin);
      if (!local) this.strayRequests.push(request.url());
    });
  }

  /** Asserts that nothing went wrong that the user did not see. */
  assertCalm() {
    assert.deepEqual(this.complaints, []);
    assert.deepEqual(this.strayRequests, []);
  }

  field(label) {
    return this.page.getByLabel(label, { exact: true });
  }

  /** Chooses the medium and fills fields by their labels; `true` and `false` tick and untick. */
  async fill(medium, fields) {
    await this.page.getByRole("radio", { name: medium, exact: true }).check();
    for (const [label, value] of Object.entries(fields)) {
      if (typeof value === "boolean") await this.field(label).setChecked(value);
      else await this.field(label).fill(String(value));
    }
  }

  async useService(endpoint, key = "") {
    await this.page.getByRole("radio", { name: "A service" }).check();
    await this.field("Endpoint").fill(endpoint);
    await this.field("API key").fill(key);
  }

  /** Presses the button and gives the newest card. What the form refuses is an error. */
  async generate() {
    const known = await this.cards.count();
    await this.page.getByRole("button", { name: "Generate" }).click();
    const refusal = this.page.locator("#form [role=alert]:not(:empty)");
    await this.cards.nth(known).or(refusal).first().waitFor();
    assert.deepEqual(await refusal.allInnerTexts(), []);
    return this.cards.first();
  }

  get cards() {
    return this.page.locator("#task-list > li");
  }

  /** Waits until a card has that status. Another final status is an error that quotes the card. */
  async reaches(card, status) {
    const ends = [status, "completed", "failed", "cancelled"];
    const shown = ends.map((end) => `[data-status=${end}]`).join(", ");
    await card.and(this.page.locator(shown)).waitFor({ timeout: RENDERING });
    const actual = await card.getAttribute("data-status");
    assert.equal(actual, status, await card.innerText());
  }

  /** The bytes that the card's download button saves, and the name of the file. */
  async download(card) {
    const [download] = await Promise.all([
      this.page.waitForEvent("download"),
      card.getByRole("link", { name: "Download" }).click(),
    ]);
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  }

  /** Seconds of the card's sound, as the browser reads them from the file. */
  async soundLength(card) {
    await card.locator("audio").waitFor();
    return card.locator("audio").evaluate(async (audio) => {
      await globalThis.metadataOf(audio);
      return audio.duration;
    });
  }

  /** Collects every value that a progress bar of the page takes from now on. */
  async recordProgress() {
    await this.page.evaluate(() => {
      globalThis.progressValues = [];
      const observer = new MutationObserver((records) => {
        for (const { target } of records) {
          if (target.localName === "progress") globalThis.progressValues.push(target.value);
        }
      });
      observer.observe(document.body, { subtree: true, attributeFilter: ["value"] });
    });
  }

  progressValues() {
    return this.page.evaluate(() => globalThis.progressValues);
  }
}
