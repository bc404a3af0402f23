// Films in WebM: drawn by the engine, encoded by the browser, played by the browser.

import assert from "node:assert/strict";
import { test } from "node:test";
import { sandboxPage } from "./sandbox-page.mjs";

const run = sandboxPage();

test("a page says that it makes webm films", async () => {
  const formats = await run(() => {
    const capabilities = globalThis.registry.getWorkflow("video").getCapabilities();
    return capabilities.supported_formats;
  });
  assert.ok(formats.includes("webm"), formats.join());
});

test("a webm film plays, moves and is marked as the browser's own", async () => {
  const film = await run(play, {
    parameters: { prompt: "Flying through clouds at sunset", duration: 3, fps: 12, seed: 7 },
  });
  assert.deepEqual([film.mimeType, film.width, film.height], ["video/webm", 320, 180]);
  assert.ok(Math.abs(film.duration - 3) < 0.15, `${film.duration} s`);
  assert.ok(film.change > 2, `the film stands still: ${film.change}`);
  assert.ok(
    film.logs.some((log) => /encoded by the browser, as VP[89]/.test(log)),
    film.logs.join(),
  );
  assert.ok(
    film.progress.every((value, at) => at === 0 || value >= film.progress[at - 1]),
    `progress was ${film.progress}`,
  );
});

test("a webm film of pictures brings its sound", async () => {
  const film = await run(play, {
    parameters: { duration: 2, fps: 10, transitions: "wipe" },
    images: ["photo.jpg", "shape.png"],
    sound: "voice.wav",
  });
  assert.ok(film.change > 2, `the film stands still: ${film.change}`);
  assert.ok(film.heard > 0.01, `the film is silent: ${film.heard}`);
});

/** Runs in the page: makes a film, and looks at its first and last frame as a viewer would. */
async function play({ parameters, images, sound }) {
  const read = async (name) => (await fetch(`/tests/golden/inputs/${name}`)).blob();
  const asked = { resolution: "320x180", format: "webm", ...parameters };
  if (images) asked.images = await Promise.all(images.map(read));
  if (sound) asked.audio_input = await read(sound);
  const task = globalThis.registry.getWorkflow("video").process(asked);
  const logs = [];
  const progress = [];
  for await (const event of task.events()) {
    if (event.kind === "log") logs.push(event.message);
    if (event.kind === "progress") progress.push(event.progress);
  }
  const [output] = (await task.wait()).outputs;
  const blob = await output.blob();
  const video = document.createElement("video");
  video.muted = true;
  video.src = URL.createObjectURL(blob);
  await new Promise((resolve, reject) => {
    video.onloadeddata = resolve;
    video.onerror = () => reject(new Error(video.error.message));
  });
  const frameAt = async (seconds) => {
    await new Promise((resolve) => {
      video.onseeked = resolve;
      video.currentTime = seconds;
    });
    const context = new OffscreenCanvas(40, 24).getContext("2d");
    context.drawImage(video, 0, 0, 40, 24);
    return context.getImageData(0, 0, 40, 24).data;
  };
  const [first, last] = [await frameAt(0.05), await frameAt(video.duration - 0.1)];
  const change = first.reduce((sum, value, at) => sum + Math.abs(value - last[at]), 0);
  let heard = 0;
  if (sound) {
    const audio = new OfflineAudioContext(1, 48_000, 48_000);
    const samples = (await audio.decodeAudioData(await blob.arrayBuffer())).getChannelData(0);
    heard = Math.max(...samples.subarray(0, 48_000).map(Math.abs));
  }
  return {
    mimeType: output.mimeType,
    width: video.videoWidth,
    height: video.videoHeight,
    duration: video.duration,
    change: change / first.length,
    heard,
    logs,
    progress,
  };
}
