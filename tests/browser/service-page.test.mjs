// The package in a page of another origin, with the real service.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { NativeService } from "../native-service.mjs";
import { demo } from "./demo-page.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const open = demo();
let script;

before(async () => {
  const { outputFiles } = await build({
    stdin: { contents: 'export * from "media-factory";', resolveDir: ROOT },
    bundle: true,
    format: "iife",
    globalName: "mediaFactory",
    write: false,
    charset: "utf8",
    logLevel: "error",
  });
  script = outputFiles[0].text;
});

/** A page with the package, and what it asked of the service. */
async function pageWith(t, urls) {
  const demoPage = await open(t, { allow: Object.values(urls), bypassCSP: true });
  const { page } = demoPage;
  const asked = [];
  page.on("request", (request) => {
    const { origin, pathname } = new URL(request.url());
    if (Object.values(urls).includes(origin)) {
      asked.push(`${request.method()} ${pathname}`);
    }
  });
  await page.addScriptTag({ content: script });
  return { demoPage, page, asked };
}

describe("the service that renders nothing", () => {
  let service;
  let urls;
  before(async () => {
    service = await NativeService.start(["--blank"]);
    urls = service.urls;
  });
  after(() => service?.end());

  test("lists, health and an output cross the border of origins", async (t) => {
    const { demoPage, page } = await pageWith(t, urls);
    const seen = await page.evaluate(async (service_endpoint) => {
      const registry = new mediaFactory.MediaFactoryRegistry({ service_endpoint });
      const images = registry.getWorkflow("image");
      const { protocol } = await images.health();
      const [output] = (await images.process({ prompt: "a lake" }).wait()).outputs;
      const { width } = await createImageBitmap(await output.blob());
      return { protocol, styles: (await images.listStyles()).length > 0, width };
    }, urls.image);
    assert.deepEqual(seen, { protocol: "media-factory/1", styles: true, width: 16 });
    demoPage.assertCalm();
  });

  test("a large batch is a few exchanges", async (t) => {
    const { demoPage, page, asked } = await pageWith(t, urls);
    const statuses = await page.evaluate(async (service_endpoint) => {
      const registry = new mediaFactory.MediaFactoryRegistry({ service_endpoint });
      const items = Array.from({ length: 100 }, (_, seed) => ({ prompt: "a lake", seed }));
      const tasks = registry.getWorkflow("image").batchProcess(items);
      await mediaFactory.waitAll(tasks, { timeout: 60 });
      return [...new Set(tasks.map((task) => task.status))];
    }, urls.image);
    assert.deepEqual(statuses, ["completed"]);
    assert.ok(asked.length < 20, asked.join());
    demoPage.assertCalm();
  });

  test("an upload tells how much has left", async (t) => {
    const { demoPage, page, asked } = await pageWith(t, urls);
    const { size, sent, status } = await page.evaluate(async (service_endpoint) => {
      const head = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
      const picture = new Blob([head, new Uint8Array(20_000_000)]);
      const registry = new mediaFactory.MediaFactoryRegistry({ service_endpoint });
      const film = registry.getWorkflow("video").createFromImages([picture], { duration: 1 });
      const sent = [];
      for await (const event of film.events()) {
        if (event.stage === "uploading") sent.push(event.sent_bytes);
      }
      return { size: picture.size, sent, status: film.status };
    }, urls.video);
    assert.equal(status, "completed");
    assert.ok(
      asked.some((request) => /^POST \/uploads/.test(request)),
      asked.join(),
    );
    assert.ok(sent.length > 1, sent.join());
    assert.deepEqual(
      sent,
      sent.toSorted((a, b) => a - b),
    );
    assert.equal(sent.at(-1), size);
    demoPage.assertCalm();
  });
});

test("fifty tasks of one page are followed by few streams, one at a time", async (t) => {
  const { urls } = await NativeService.startFor(t, ["--workers", "1"]);
  const { demoPage, page, asked } = await pageWith(t, urls);
  const statuses = await page.evaluate(async (service_endpoint) => {
    const registry = new mediaFactory.MediaFactoryRegistry({ service_endpoint });
    const voice = registry.getWorkflow("voice");
    const tasks = Array.from({ length: 50 }, (_, number) =>
      voice.textToSpeech(`Rice is served in ${number} round bowls, and soup in ${number} more.`),
    );
    await mediaFactory.waitAll(tasks, { timeout: 120 });
    return [...new Set(tasks.map((task) => task.status))];
  }, urls.voice);
  assert.deepEqual(statuses, ["completed"]);
  const streams = asked.filter((request) => request.includes("/events"));
  // The stream of all tasks is opened anew when tasks have joined; none has one of its own.
  assert.deepEqual([...new Set(streams)], ["POST /events"]);
  assert.ok(streams.length < 25, `${streams.length} streams`);
  t.diagnostic(`${streams.length} streams for 50 tasks`);
  demoPage.assertCalm();
});

test("the page generates through the service on this computer, and cancel stops it", async (t) => {
  const { urls } = await NativeService.startFor(t);
  const demoPage = await open(t, { allow: Object.values(urls) });
  await demoPage.page.route("**/services.json", (route) => route.fulfill({ json: urls }));
  await demoPage.page.getByLabel("The service on this computer").check();
  await demoPage.page.getByText(`Ready at ${urls.image}`).waitFor();
  await demoPage.fill("Image", { Prompt: "A quiet lake", Resolution: "96x64" });
  const card = await demoPage.generate();
  await demoPage.reaches(card, "completed");
  await card.locator("img").waitFor();

  await demoPage.fill("Video", { Prompt: "Clouds", Resolution: "4K", Seconds: 60 });
  await demoPage.page.getByText(`Ready at ${urls.video}`).waitFor();
  const film = await demoPage.generate();
  await demoPage.reaches(film, "processing");
  await film.getByRole("button", { name: "Cancel" }).click();
  await demoPage.reaches(film, "cancelled");
  demoPage.assertCalm();
});

test("a service that is not running is told, with the command that starts it", async (t) => {
  const nobody = "http://127.0.0.1:9";
  const demoPage = await open(t, { allow: [nobody] });
  const urls = { image: nobody, video: nobody, voice: nobody };
  await demoPage.page.route("**/services.json", (route) => route.fulfill({ json: urls }));
  await demoPage.page.getByLabel("The service on this computer").check();
  await demoPage.page.getByText(`Nothing answers at ${nobody}`).waitFor();
  const command = demoPage.page.getByLabel("Command");
  assert.equal(await command.innerText(), "cargo run --release -p media-factory-service");
  await demoPage.page.getByRole("button", { name: "Look again" }).waitFor();
});
