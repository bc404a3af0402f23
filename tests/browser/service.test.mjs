// The page with a service on loopback instead of the sandbox.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { test } from "node:test";
import { demo } from "./demo-page.mjs";
import { ScriptedService } from "./scripted-service.mjs";

const open = demo();

test("a version-0 service answers with the picture", async (t) => {
  const service = await ScriptedService.start(t, 0);
  const demoPage = await open(t, { allow: [service.origin] });
  await demoPage.fill("Image", { Prompt: "A quiet lake", Style: "anime", Resolution: "64x48" });
  await demoPage.useService(service.origin);
  const card = await demoPage.generate();
  await demoPage.reaches(card, "completed");
  assert.deepEqual(service.submissions, [
    { prompt: "A quiet lake", style: "anime", resolution: "64x48" },
  ]);
  assert.deepEqual(await shownSize(card), [64, 48]);
  demoPage.assertCalm();
});

test("what the user did not set is not sent", async (t) => {
  const service = await ScriptedService.start(t, 0);
  const demoPage = await open(t, { allow: [service.origin] });
  await demoPage.fill("Voice", { Text: "Good morning." });
  await demoPage.useService(service.origin);
  await demoPage.reaches(await demoPage.generate(), "completed");
  await demoPage.fill("Voice", { Speed: 0.75, Pitch: -3 });
  await demoPage.reaches(await demoPage.generate(), "completed");
  assert.deepEqual(service.submissions, [
    { text: "Good morning." },
    { text: "Good morning.", speed: 0.75, pitch: -3 },
  ]);
  demoPage.assertCalm();
});

test("what a version-0 service cannot do is told, not dropped", async (t) => {
  const service = await ScriptedService.start(t, 0);
  const demoPage = await open(t, { allow: [service.origin] });
  await demoPage.fill("Image", { Prompt: "A quiet lake", Seed: 7 });
  await demoPage.useService(service.origin);
  const card = await demoPage.generate();
  await demoPage.reaches(card, "failed");
  assert.equal(await card.locator(".problem-box code").innerText(), "unsupported");
  assert.match(await card.locator(".error").innerText(), /seed/);
  assert.deepEqual(service.submissions, []);
  demoPage.assertCalm();
});

test("a version-1 service is followed by its events", async (t) => {
  const service = await ScriptedService.start(t, 1);
  const demoPage = await open(t, { allow: [service.origin] });
  await demoPage.fill("Image", { Prompt: "A quiet lake", Resolution: "64x48" });
  await demoPage.useService(service.origin, "a-secret-key");
  const card = await demoPage.generate();
  const id = await service.submitted();
  assert.deepEqual(service.authorizations, ["Bearer a-secret-key"]);

  service.tell(id, { status: "processing", progress: 0.25, stage: "sketching" });
  await card.getByText("sketching").waitFor();
  assert.equal(await barOf(card), 0.25);
  service.tell(id, { progress: 0.75, stage: "colouring" });
  await card.getByText("colouring").waitFor();
  assert.equal(await barOf(card), 0.75);
  assert.equal(await card.getAttribute("data-status"), "processing");
  service.complete(id);
  await demoPage.reaches(card, "completed");
  assert.deepEqual(await shownSize(card), [64, 48]);
  assert.ok(service.requests.includes("POST /events"), service.requests.join(", "));
  demoPage.assertCalm();
});

test("cancel tells the service to stop", async (t) => {
  const service = await ScriptedService.start(t, 1);
  const demoPage = await open(t, { allow: [service.origin] });
  await demoPage.fill("Image", { Prompt: "A quiet lake" });
  await demoPage.useService(service.origin);
  const card = await demoPage.generate();
  const id = await service.submitted();
  service.tell(id, { status: "processing", progress: 0.1 });
  await demoPage.reaches(card, "processing");
  const told = demoPage.page.waitForRequest((request) => request.method() === "DELETE");
  await card.getByRole("button", { name: "Cancel" }).click();
  await demoPage.reaches(card, "cancelled");
  assert.equal((await told).url(), `${service.origin}/tasks/${id}`);
  demoPage.assertCalm();
});

test("a failed job says why, and the next one works", async (t) => {
  const service = await ScriptedService.start(t, 1);
  const demoPage = await open(t, { allow: [service.origin] });
  await demoPage.fill("Image", { Prompt: "A quiet lake" });
  await demoPage.useService(service.origin);
  const failed = await demoPage.generate();
  const first = await service.submitted();
  service.tell(first, {
    status: "failed",
    error: { code: "service-failed", message: "the card is out of memory" },
  });
  await demoPage.reaches(failed, "failed");
  assert.equal(await failed.locator(".problem-box code").innerText(), "service-failed");
  assert.match(await failed.locator(".error").innerText(), /out of memory/);
  assert.equal(await demoPage.field("Prompt").inputValue(), "A quiet lake");

  const next = await demoPage.generate();
  const second = await service.submitted(2);
  service.complete(second);
  await demoPage.reaches(next, "completed");
  demoPage.assertCalm();
});

test("a download that fails can be repeated without the work", async (t) => {
  const service = await ScriptedService.start(t, 0);
  const { picture } = service;
  service.picture = undefined;
  const demoPage = await open(t, { allow: [service.origin] });
  await demoPage.fill("Image", { Prompt: "A quiet lake" });
  await demoPage.useService(service.origin);
  const card = await demoPage.generate();
  await demoPage.reaches(card, "completed");
  assert.equal(await card.locator(".problem-box code").innerText(), "output");
  service.picture = picture;
  await card.getByRole("button", { name: "Download again" }).click();
  assert.deepEqual(await shownSize(card), [64, 48]);
  assert.equal(service.submissions.length, 1);
});

test("a service that is not there is an error with code and hint", async (t) => {
  const origin = await unusedOrigin();
  const demoPage = await open(t, { allow: [origin] });
  await demoPage.fill("Image", { Prompt: "A quiet lake" });
  await demoPage.useService(origin);
  const card = await demoPage.generate();
  await demoPage.reaches(card, "failed");
  assert.match(
    await card.locator(".problem-box code").innerText(),
    /^(ambiguous-submit|connection)$/,
  );
  assert.match(await card.locator(".error").innerText(), new RegExp(origin));
  assert.notEqual(await card.locator(".error .hint").innerText(), "");
  // The browser itself complains about the connection; the page adds nothing.
  const own = demoPage.complaints.filter((text) => !text.includes("ERR_CONNECTION_REFUSED"));
  assert.deepEqual([own, demoPage.strayRequests], [[], []]);

  await demoPage.page.getByLabel("The sandbox in this page").check();
  await demoPage.field("Resolution").fill("64x64");
  const next = await demoPage.generate();
  await demoPage.reaches(next, "completed");
});

function barOf(card) {
  return card.getByRole("progressbar").evaluate((bar) => bar.value);
}

async function shownSize(card) {
  await card.locator("img").waitFor();
  return card.locator("img").evaluate(async (image) => {
    await image.decode();
    return [image.naturalWidth, image.naturalHeight];
  });
}

/** An address at which nobody listens: a port that was free a moment ago. */
async function unusedOrigin() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return `http://127.0.0.1:${port}`;
}
