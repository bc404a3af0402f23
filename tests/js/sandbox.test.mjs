// The sandbox renders in worker threads, without a network.

import assert from "node:assert/strict";
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

test("a cancelled render ends at once, and the next one runs", async () => {
  const image = registry.getWorkflow("image");
  const large = image.process({ prompt: "A futuristic city", resolution: "1024x1024" });
  for await (const event of large.events()) {
    if (event.kind === "progress") {
      large.cancel();
    }
  }
  assert.equal(large.status, "cancelled");
  await image.process({ prompt: "A fox", resolution: "32x32" }).wait({ timeout: 60 });
});

test("what the engine cannot use fails the task with the engine's words", async () => {
  const broken = Buffer.from("\x89PNG\r\n\x1a\nbroken", "latin1");
  const film = registry.getWorkflow("video").createFromImages([broken], { fps: 5, duration: 1 });
  await assert.rejects(film.wait(), { name: "TaskFailed" });
  assert.match(film.error.message, /images\[0\]|picture|image/);
});
