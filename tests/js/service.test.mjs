// The public API against the real service, as a user starts it.

import assert from "node:assert/strict";
import http from "node:http";
import { after, before, describe, test } from "node:test";
import { MediaFactoryRegistry, MediaType, waitAll } from "media-factory";
import { NativeService } from "../native-service.mjs";
import { PNG } from "./service.mjs";

const SMALL = { prompt: "a lake", resolution: "64x64" };
/** More than a test ever waits for. */
const LONG_FILM = { prompt: "clouds", duration: 60, resolution: "4K", fps: 60 };

/** A registry whose workflows go to the service. */
function registryOf(urls, config = {}) {
  const media = Object.entries(urls).map(([name, service_endpoint]) => [
    name,
    { service_endpoint, ...config },
  ]);
  return new MediaFactoryRegistry(Object.fromEntries(media));
}

function magic(bytes, from, to) {
  return Buffer.from(bytes).subarray(from, to).toString("latin1");
}

describe("the service that renders", () => {
  let service;
  let registry;
  before(async () => {
    service = await NativeService.start();
    registry = registryOf(service.urls);
  });
  after(() => service?.end());

  test("the examples: pictures, a film of pictures, speech", async () => {
    const images = registry.getWorkflow(MediaType.IMAGE);
    const tasks = images.batchProcess([
      { prompt: "Sunset over mountains", style: "realistic", resolution: "64x64" },
      { prompt: "Abstract geometric patterns", style: "modern", resolution: "64x64" },
    ]);
    await waitAll(tasks, { raiseOnError: true, timeout: 120 });
    const pictures = await Promise.all(tasks.map((task) => task.outputs[0].arrayBuffer()));
    for (const picture of pictures) {
      assert.equal(magic(picture, 1, 4), "PNG");
    }
    const film = registry
      .getWorkflow(MediaType.VIDEO)
      .createFromImages(pictures, { transitions: "fade", duration: 1, fps: 5 });
    const speech = registry
      .getWorkflow(MediaType.VOICE)
      .textToSpeech("Welcome to Media Factory", { voice: "professional" });
    await waitAll([film, speech], { raiseOnError: true, timeout: 120 });
    assert.equal(magic(await film.outputs[0].arrayBuffer(), 4, 8), "ftyp");
    assert.equal(magic(await speech.outputs[0].arrayBuffer(), 0, 4), "RIFF");
  });

  test("events tell of acceptance and progress", async () => {
    const task = registry
      .getWorkflow("image")
      .process({ prompt: "a city", resolution: "512x512", seed: 7 });
    const kinds = [];
    for await (const event of task.events()) {
      kinds.push(event.kind);
    }
    assert.equal(task.status, "completed");
    assert.ok(kinds.includes("accepted"), kinds.join());
    assert.ok(kinds.includes("progress"), kinds.join());
    assert.equal(task.outputs[0].seed, 7);
    assert.equal(task.remoteId, task.taskId);
  });

  test("cancel stops the render at the service", async () => {
    const task = registry.getWorkflow("video").process(LONG_FILM);
    for await (const event of task.events()) {
      if (event.kind === "progress") {
        task.cancel();
      }
    }
    assert.equal(task.status, "cancelled");
    await eventually(async () => {
      assert.equal(await service.statusOf(task.remoteId, "video"), "cancelled");
    });
  });

  test("what the engine cannot use fails the task with its words", async () => {
    const film = registry.getWorkflow("video").createFromImages([PNG], { fps: 5, duration: 1 });
    await assert.rejects(film.wait(), { name: "TaskFailed" });
    assert.match(film.error.message, /picture|image/);
  });
});

test("a large batch is not submitted one by one", async (t) => {
  const { urls } = await NativeService.startFor(t, ["--blank"]);
  const { url, asked } = await counted(t, urls.image);
  const images = registryOf({ image: url }).getWorkflow("image");
  const items = Array.from({ length: 200 }, (_, place) => ({ ...SMALL, seed: place }));
  const tasks = images.batchProcess([...items, { prompt: "" }]);
  await waitAll(tasks, { timeout: 60 });
  const statuses = tasks.map((task) => task.status);
  assert.deepEqual(new Set(statuses.slice(0, 200)), new Set(["completed"]));
  assert.equal(tasks.at(-1).error.code, "validation");
  const submissions = asked.filter((request) => request.startsWith("POST /generate"));
  assert.ok(submissions.length < 20, `${submissions.length} submissions`);
});

test("large inputs are uploaded, and it is told how much has left", async (t) => {
  const { urls } = await NativeService.startFor(t, ["--blank"]);
  const video = registryOf(urls).getWorkflow("video");
  const picture = Buffer.concat([PNG, Buffer.alloc(3_000_000, 7)]);
  const film = video.createFromImages([new Blob([picture])], { fps: 5, duration: 1 });
  const sent = [];
  for await (const event of film.events()) {
    if (event.kind === "progress" && event.stage === "uploading") {
      assert.equal(event.total_bytes, picture.length);
      sent.push(event.sent_bytes);
    }
  }
  assert.equal(film.status, "completed", film.error?.message);
  assert.deepEqual(
    sent,
    sent.toSorted((a, b) => a - b),
  );
  assert.ok(sent.length > 1, sent.join());
  assert.equal(sent.at(-1), picture.length);
});

test("lists and health", async (t) => {
  const { urls } = await NativeService.startFor(t, ["--blank"]);
  const registry = registryOf(urls);
  const images = registry.getWorkflow("image");
  assert.equal((await images.health()).protocol, "media-factory/1");
  assert.ok((await images.listModels()).length > 0);
  assert.ok((await images.listStyles()).length > 0);
  assert.ok((await images.listResolutions()).some(({ name }) => name === "4K"));
  assert.ok((await registry.getWorkflow("voice").listVoices()).length > 0);
});

test("with a token only those who have it are let in", async (t) => {
  const variables = { MEDIA_FACTORY_SERVICE_TOKEN: "a-token-for-tests" };
  const { urls } = await NativeService.startFor(t, ["--blank"], { variables });
  const known = registryOf(urls, { api_key: "a-token-for-tests" }).getWorkflow("image");
  const [output] = (await known.process(SMALL).wait()).outputs;
  assert.equal(magic(await output.arrayBuffer(), 1, 4), "PNG");
  const unknown = registryOf(urls).getWorkflow("image").process(SMALL);
  await assert.rejects(unknown.wait(), { code: "auth" });
  assert.ok(!JSON.stringify(unknown.error).includes("a-token"));
});

test("a task gone from the wire is polled where streams are held back", async (t) => {
  const { urls } = await NativeService.startFor(t, ["--blank"]);
  const { url, asked } = await counted(t, urls.image, (path) => path.includes("/events"));
  const task = registryOf({ image: url }).getWorkflow("image").process(SMALL);
  await task.wait({ timeout: 60 });
  assert.ok(
    asked.some((request) => request.startsWith("GET /tasks/")),
    asked.join(),
  );
});

/** Passes requests on to `target` and notes them; streams that `isHeldBack` are never answered. */
async function counted(t, target, isHeldBack = () => false) {
  const asked = [];
  const server = http.createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (isHeldBack(request.url)) {
      return;
    }
    const { method, headers } = request;
    const further = http.request(target + request.url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    further.on("error", () => response.destroy());
    response.on("close", () => further.destroy());
    request.pipe(further);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${server.address().port}`, asked };
}

async function eventually(check) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await check();
    } catch (error) {
      if (tries === 100) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
