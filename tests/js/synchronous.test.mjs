// A service of version 0: one exchange, then the files.

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import {
  asCompleted,
  ImageWorkflow,
  MediaFactoryRegistry,
  MediaTask,
  MediaType,
  ProcessingStatus,
  waitAll,
} from "media-factory";
import { temporaryFolder } from "../temporary-folder.mjs";
import { finished, PNG, pictures, serve } from "./service.mjs";

test("a picture from prompt to file", async (context) => {
  const { url, requests, asked } = await serve(context, pictures);
  const workflow = MediaFactoryRegistry.getWorkflow(MediaType.IMAGE, { service_endpoint: url });
  const task = workflow.process({ prompt: "A fox", resolution: "64x64", hdr: true, seed: null });

  assert.equal(task.status, ProcessingStatus.PENDING);
  assert.match(
    task.taskId,
    /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  assert.equal(await task.wait(), task);

  assert.equal(task.status, "completed");
  assert.equal(task.progress, 1);
  assert.equal(task.remoteId, "remote-1");
  assert.equal(task.attempts, 1);
  assert.equal(task.error, undefined);
  assert.ok(task.createdAt instanceof Date && task.createdAt <= task.startedAt);
  assert.ok(task.startedAt <= task.updatedAt && task.finishedAt >= task.startedAt);
  assert.deepEqual(task.parameters, { prompt: "A fox", resolution: "64x64", hdr: true });
  assert.equal(task.metadata.endpoint, url);
  assert.equal(task.result.raw.image_id, "remote-1");
  assert.deepEqual(requests[0].json, { prompt: "A fox", resolution: "64x64", hdr: true });
  assert.deepEqual(asked(), ["POST /generate"], "outputs are fetched on demand");

  const [output] = task.outputs;
  assert.equal(output.mimeType, "image/png");
  assert.equal(output.bytes, undefined);
  assert.deepEqual(Buffer.from(await output.arrayBuffer()), PNG);
  assert.deepEqual(Buffer.from(output.bytes), PNG);
  assert.equal(output.size, PNG.length);
  const blob = await output.blob();
  assert.equal(blob.type, "image/png");
  assert.deepEqual(Buffer.from(await new Response(output.stream()).arrayBuffer()), PNG);
  const objectUrl = await output.objectURL();
  assert.match(objectUrl, /^blob:/);
  URL.revokeObjectURL(objectUrl);
  assert.deepEqual(asked(), ["POST /generate", "GET /outputs/a.png"], "and held from then on");

  const folder = await temporaryFolder(context);
  const path = await output.save(join(folder, "fox"));
  assert.equal(path, join(folder, "fox.png"));
  assert.deepEqual(await readFile(path), PNG);
  await assert.rejects(output.save(path), { code: "EEXIST" });
  assert.equal(await output.save(pathToFileURL(path), { overwrite: true }), path);
  assert.equal(await output.save(join(folder, "new", "/")), join(folder, "new", "output.png"));
  assert.equal(await output.save(join(folder, "new")), join(folder, "new", "output-2.png"));
  assert.deepEqual((await readdir(folder, { recursive: true })).sort(), [
    "fox.png",
    "new",
    join("new", "output-2.png"),
    join("new", "output.png"),
  ]);
});

test("live tasks serialise as data", async (context) => {
  const { url } = await serve(context, pictures);
  const task = new ImageWorkflow({ service_endpoint: url }).process({ prompt: "A fox" });
  await task.wait();
  const data = JSON.parse(JSON.stringify(task));
  assert.equal(data.task_id, task.taskId);
  assert.equal(data.status, "completed");
  assert.equal(data.created_at, task.createdAt.toISOString());
  assert.deepEqual(data.outputs, [{ mime_type: "image/png", url: `${url}/outputs/a.png` }]);
});

test("events, callbacks and iterators tell the same story", async (context) => {
  const { url } = await serve(context, pictures);
  const told = [];
  const workflow = new ImageWorkflow({ service_endpoint: url });
  const task = workflow.process({ prompt: "A fox" }, { onUpdate: (event) => told.push(event) });
  const iterated = [];
  for await (const event of task.events()) {
    iterated.push(event);
  }
  assert.deepEqual(
    told.map((event) => [event.seq, event.kind, event.status]),
    [
      [1, "created", "pending"],
      [2, "status", "processing"],
      [3, "status", "completed"],
    ],
  );
  assert.equal(iterated[0].kind, "snapshot");
  assert.equal(iterated[0].task.status, "pending");
  assert.deepEqual(iterated.slice(1), told.slice(1));
  assert.ok(told.every((event) => event.at instanceof Date && event.task_id === task.taskId));
});

test("unsubscribing stops the calls, and a callback that throws harms nobody", async (context) => {
  const { url } = await serve(context, pictures);
  context.mock.method(console, "error", () => {});
  const task = new ImageWorkflow({ service_endpoint: url }).process({ prompt: "A fox" });
  const calls = [];
  const stop = task.onUpdate(() => calls.push("unsubscribed"));
  task.onUpdate(() => {
    throw new Error("a mistake of the user");
  });
  task.onUpdate(() => calls.push("subscribed"));
  stop();
  await task.wait();
  await new Promise(setImmediate);
  assert.deepEqual(calls, ["subscribed", "subscribed"]);
  assert.equal(console.error.mock.callCount(), 2);
});

test("a batch gives one task per item, in order", async (context) => {
  const { url } = await serve(context, pictures);
  const workflow = new ImageWorkflow({ service_endpoint: url });
  const items = [{ prompt: "A fox" }, { prompt: "" }, null, "text", { prompt: "A hare" }];
  const tasks = workflow.batchProcess(items);
  const seen = [];
  const same = await waitAll(tasks, { onUpdate: (event) => seen.push(event.task_id) });
  assert.deepEqual(
    same.map((task) => task.status),
    ["completed", "failed", "failed", "failed", "completed"],
  );
  assert.equal(tasks[1].error.code, "validation");
  assert.equal(tasks[1].error.issues[0].code, "empty");
  assert.equal(new Set(seen).size, 2, "those that failed at once had nothing more to tell");
  await assert.rejects(waitAll(tasks, { raiseOnError: true }), { name: "TaskFailed" });

  const finishers = [];
  for await (const task of asCompleted(tasks)) {
    assert.ok(task instanceof MediaTask);
    finishers.push(task);
  }
  assert.deepEqual(new Set(finishers), new Set(tasks));
});

test("tasks are found again in their workflow and their registry", async (context) => {
  const { url } = await serve(context, pictures);
  const registry = new MediaFactoryRegistry({ service_endpoint: url });
  const [one, other] = [registry.getWorkflow("image"), registry.getWorkflow("image")];
  const task = one.process({ prompt: "A fox" });
  assert.equal(one.getTask(task.taskId).taskId, task.taskId);
  assert.equal(other.getTask(task.taskId), undefined);
  assert.equal(registry.getTask(task.taskId).status, "pending");
  assert.equal(MediaFactoryRegistry.getTask(task.taskId), undefined);
  assert.equal(one.listTasks("pending").length, 1);
  await task.wait();
  assert.deepEqual(one.listTasks("pending"), []);
  assert.equal(registry.listTasks("completed").length, 1);
  assert.equal(other.listTasks().length, 0);
  assert.throws(() => one.listTasks("done"), { code: "validation" });
});

test("the service's lists come as promises", async (context) => {
  const { url } = await serve(context, (request, response) => {
    const answers = {
      "/health": { status: "healthy" },
      "/models": { models: ["stable-diffusion", "own-model"] },
      "/styles": { styles: ["oil"] },
    };
    response.setHeader("content-type", "application/json");
    response.statusCode = request.url in answers ? 200 : 404;
    response.end(JSON.stringify(answers[request.url] ?? {}));
  });
  const workflow = new ImageWorkflow({ service_endpoint: url, retry: { max_attempts: 1 } });
  assert.deepEqual(await workflow.health(), { status: "healthy" });
  assert.equal(workflow.validateParameters({ prompt: "A fox", model: "own-model" }), false);
  assert.deepEqual(await workflow.listModels(), ["stable-diffusion", "own-model"]);
  assert.equal(workflow.validateParameters({ prompt: "A fox", model: "own-model" }), true);
  assert.deepEqual(await workflow.listStyles(), ["oil"]);
  await assert.rejects(workflow.listResolutions(), { code: "not-found" });
  const capabilities = workflow.getCapabilities();
  assert.equal(capabilities.media_type, "image");
  assert.equal(capabilities.protocol, "service");
  assert.ok(capabilities.supported_formats.includes("png"));
});

test("shortcuts of films and speech", async (context) => {
  const { url, requests } = await serve(context, (_, response) => finished(response));
  const registry = new MediaFactoryRegistry({ service_endpoint: url });
  const video = registry.getWorkflow("video");
  const voice = registry.getWorkflow("voice");
  await Promise.all([
    video.createFromImages([PNG, new Blob([PNG])], { fps: 30, transitions: "fade" }).wait(),
  ]).catch((error) => assert.equal(error.code, "unsupported"));
  await voice.textToSpeech("Hello", { language: "de-AT" }).wait();
  const spoken = requests.find((request) => request.json?.text === "Hello");
  assert.deepEqual(spoken.json, {
    text: "Hello",
    voice: "default",
    language: "de-AT",
    model: "tts-1",
  });
  assert.throws(() => voice.textToSpeech("Hello", { volume: 11 }), { code: "validation" });
});
