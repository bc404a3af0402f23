// The sandbox renders in worker threads, without a network.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { MediaFactoryRegistry, waitAll } from "media-factory";

const registry = new MediaFactoryRegistry({ protocol: "sandbox" });

test("pictures, films and speech", async () => {
  const image = registry.getWorkflow("image");
  const voice = registry.getWorkflow("voice");
  const video = registry.getWorkflow("video");
  const progress = [];
  const onUpdate = (event) => event.kind === "progress" && progress.push(event.progress);
  const picture = image.process(
    { prompt: "Sunset over mountains", resolution: "96x64", seed: 7 },
    { onUpdate },
  );
  const speech = voice.textToSpeech("Rice is often served in round bowls.");
  await waitAll([picture, speech], { raiseOnError: true });
  assert.ok(progress.length > 0);
  const [output] = picture.outputs;
  assert.equal(output.mimeType, "image/png");
  assert.deepEqual([output.width, output.height, output.seed], [96, 64, 7]);
  const png = Buffer.from(await output.arrayBuffer());
  assert.equal(png.subarray(1, 4).toString(), "PNG");
  const wav = Buffer.from(await speech.outputs[0].arrayBuffer());
  assert.equal(wav.subarray(0, 4).toString(), "RIFF");
  assert.ok(speech.outputs[0].duration > 1);

  const film = video.createFromImages([png, new Blob([png])], { fps: 5, duration: 1 });
  await film.wait();
  const mp4 = Buffer.from(await film.outputs[0].arrayBuffer());
  assert.equal(mp4.subarray(4, 8).toString(), "ftyp");

  const again = image.process({ prompt: "Sunset over mountains", resolution: "96x64", seed: 7 });
  await again.wait();
  assert.deepEqual(Buffer.from(await again.outputs[0].arrayBuffer()), png);
});

test("what the engine cannot use fails the task with the engine's words", async () => {
  const broken = Buffer.from("\x89PNG\r\n\x1a\nbroken", "latin1");
  const film = registry.getWorkflow("video").createFromImages([broken], { fps: 5, duration: 1 });
  await assert.rejects(film.wait(), { name: "TaskFailed" });
  assert.match(film.error.message, /images\[0\]|picture|image/);
});

test("the work so far is an output in memory", async () => {
  const task = registry.getWorkflow("image").process({ prompt: "a lake", resolution: "768x512" });
  const previews = [];
  for await (const event of task.events()) {
    if (event.kind === "preview") {
      previews.push(event.output);
    }
  }
  assert.equal(task.status, "completed");
  assert.ok(previews.length > 0);
  const bytes = Buffer.from(await previews[0].arrayBuffer());
  assert.equal(bytes.length, previews[0].size);
  assert.ok(previews[0].width > 0 && previews[0].width <= 768);
});

test("full fidelity is as asked or refused", async () => {
  const config = { sandbox: { fidelity: "full" } };
  const video = registry.getWorkflow("video", config);
  const film = { prompt: "a lake", resolution: "96x64", duration: 0.5, fps: 12 };
  const task = await video.process(film).wait({ timeout: 120 });
  assert.deepEqual(task.metadata.requested, task.metadata.rendered);
  assert.equal(task.metadata.engine, "media-factory-sandbox");
  const beyond = video.process({ ...film, resolution: "8K", duration: 300, fps: 240 });
  await assert.rejects(beyond.wait({ timeout: 60 }), { code: "unsupported" });
});

test("a voice that was not imported is refused, and no other takes its place", async () => {
  const listed = await registry.getWorkflow("voice").listVoices();
  assert.equal(listed.map(({ name }) => name).includes("neural"), false);
  const neural = registry.getWorkflow("voice").textToSpeech("Yes.", { voice: "neural" });
  await assert.rejects(neural.wait({ timeout: 60 }), {
    code: "unsupported",
    message: /import "media-factory\/neural-voice"/,
  });
});

test("simulated trouble tells the same story whatever the order", async () => {
  // A story without 429 and 503, after which the tasks would wait for a real second.
  const images = registry.getWorkflow("image", {
    sandbox: { failure_rate: 0.8, seed: 20 },
    retry: { base_delay: 0, max_delay: 0 },
  });
  const asked = ["a lake", "a fox"].map((prompt) => ({ prompt, resolution: "16x16", seed: 1 }));
  const story = async (items) => {
    const tasks = await waitAll(images.batchProcess(items));
    const ends = tasks.map((task) => [task.parameters.prompt, task.status, task.error?.code]);
    return ends.sort();
  };
  const told = await story(asked);
  assert.deepEqual(told, [
    ["a fox", "failed", "ambiguous-submit"],
    ["a lake", "completed", undefined],
  ]);
  assert.deepEqual(await story(asked.toReversed()), told);
});

test("webm films are made in browsers only, and Node says so at once", () => {
  const videos = registry.getWorkflow("video");
  assert.throws(
    () => videos.process({ prompt: "a lake", format: "webm" }),
    (error) => {
      assert.deepEqual(
        error.issues.map((issue) => [issue.path, issue.code]),
        [["format", "unsupported"]],
      );
      return true;
    },
  );
});

test("a program on the command line renders too", () => {
  const program = `
    import { MediaFactoryRegistry } from "media-factory";
    const registry = new MediaFactoryRegistry({ protocol: "sandbox" });
    const task = registry.getWorkflow("image").process({ prompt: "abstract", resolution: "16x16" });
    console.log((await task.wait()).outputs[0].mimeType);
  `;
  const words = ["--input-type=module", "-e", program];
  const printed = execFileSync(process.execPath, words, { cwd: import.meta.dirname });
  assert.equal(printed.toString().trim(), "image/png");
});
