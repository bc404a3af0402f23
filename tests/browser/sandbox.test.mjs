// Every medium, made by the sandbox in a real browser.

import assert from "node:assert/strict";
import { test } from "node:test";
import { loudnessOf } from "../wav.mjs";
import { demo } from "./demo-page.mjs";
import { plainPng, pngSize } from "./picture.mjs";

const open = demo();

test("a picture has the size that was asked for, shown and downloaded", async (t) => {
  const demoPage = await open(t);
  await demoPage.fill("Image", {
    Prompt: "A futuristic city with flying cars",
    Resolution: "320x192",
    Seed: 7,
  });
  const card = await demoPage.generate();
  await demoPage.reaches(card, "completed");

  const picture = card.locator("img");
  await picture.waitFor();
  const size = await picture.evaluate(async (image) => {
    await image.decode();
    return [image.naturalWidth, image.naturalHeight];
  });
  assert.deepEqual(size, [320, 192]);
  const { name, bytes } = await demoPage.download(card);
  assert.equal(name, "a-futuristic-city-with-flying-cars.png");
  assert.deepEqual(pngSize(bytes), [320, 192]);
  assert.match(await card.innerText(), /seed\s7/);
  demoPage.assertCalm();
});

test("a film moves, and its progress was seen", async (t) => {
  const demoPage = await open(t);
  await demoPage.recordProgress();
  await demoPage.fill("Video", {
    Prompt: "Flying through clouds at sunset",
    Resolution: "160x96",
    Seconds: 2,
    "Frames per second": 12,
    Seed: 7,
  });
  const card = await demoPage.generate();
  await demoPage.reaches(card, "completed");

  const film = await filmOf(card);
  assert.deepEqual([film.width, film.height], [160, 96]);
  assert.ok(Math.abs(film.duration - 2) < 0.2, `the film lasts ${film.duration} s`);
  const start = await frameAt(card, 0.05);
  const end = await frameAt(card, 1.9);
  assert.ok(difference(start, end) > 2, "the last frame is the first one");
  assert.ok(difference(start, await frameAt(card, 0.05)) < 0.5, "a frame differs from itself");

  const values = await demoPage.progressValues();
  const between = values.filter((value) => value > 0 && value < 1);
  assert.ok(new Set(between).size >= 2, `progress was ${values}`);
  assert.deepEqual(
    values,
    values.toSorted((a, b) => a - b),
  );
  demoPage.assertCalm();
});

test("a film of pictures begins with the first and ends with the last", async (t) => {
  const demoPage = await open(t);
  await demoPage.fill("Video", {});
  await demoPage.page.getByLabel("From pictures").check();
  await demoPage.field("Pictures, in order").setInputFiles([
    { name: "red.png", mimeType: "image/png", buffer: plainPng(160, 96, [220, 30, 30]) },
    { name: "blue.png", mimeType: "image/png", buffer: plainPng(160, 96, [30, 30, 220]) },
  ]);
  await demoPage.field("Transitions").selectOption("fade");
  await demoPage.field("Resolution").fill("160x96");
  await demoPage.field("Seconds").fill("2");
  await demoPage.field("Frames per second").fill("12");
  const card = await demoPage.generate();
  await demoPage.reaches(card, "completed");

  const film = await filmOf(card);
  assert.deepEqual([film.width, film.height], [160, 96]);
  const [red, , blue] = meanColour(await frameAt(card, 0.05));
  const [laterRed, , laterBlue] = meanColour(await frameAt(card, film.duration - 0.05));
  assert.ok(red > 150 && blue < 90, `the first frame has ${red} red, ${blue} blue`);
  assert.ok(laterRed < 90 && laterBlue > 150, `the last has ${laterRed} red, ${laterBlue} blue`);

  await demoPage.page.getByRole("button", { name: "Take out red.png" }).click();
  assert.equal(await demoPage.page.getByAltText("red.png").count(), 0);
  await card.getByRole("button", { name: "Use again" }).click();
  assert.equal(await demoPage.page.getByAltText("red.png").count(), 1);
  demoPage.assertCalm();
});

test("a voice can be heard, and hurried", async (t) => {
  const demoPage = await open(t);
  await demoPage.fill("Voice", { Text: "Welcome to the Media Factory.", "Voice name": "narrator" });
  const card = await demoPage.generate();
  await demoPage.reaches(card, "completed");
  const duration = await demoPage.soundLength(card);
  assert.ok(duration > 0.8 && duration < 6, `the sentence lasts ${duration} s`);
  const { name, bytes } = await demoPage.download(card);
  assert.equal(name, "welcome-to-the-media-factory.wav");
  assert.ok(loudnessOf(bytes) > 300, `the loudness is ${loudnessOf(bytes)}`);

  await demoPage.fill("Voice", { Speed: 2 });
  const hurried = await demoPage.generate();
  await demoPage.reaches(hurried, "completed");
  const shorter = await demoPage.soundLength(hurried);
  assert.ok(shorter < duration * 0.7, `${duration} s became ${shorter} s`);
  demoPage.assertCalm();
});

test("cancelling a long film is quick, and the next task works", async (t) => {
  const demoPage = await open(t);
  await demoPage.fill("Video", {
    Prompt: "A city at night in the rain",
    Resolution: "640x360",
    Seconds: 300,
    "Frames per second": 60,
  });
  const film = await demoPage.generate();
  await demoPage.reaches(film, "processing");
  const pressed = Date.now();
  await film.getByRole("button", { name: "Cancel" }).press("Enter");
  await demoPage.reaches(film, "cancelled");
  const took = Date.now() - pressed;
  assert.ok(took < 5_000, `cancelling took ${took} ms`);
  assert.equal(await film.getByRole("button", { name: "Cancel" }).count(), 0);
  assert.ok(await film.evaluate((card) => card === document.activeElement), "the focus is lost");

  await demoPage.fill("Image", { Prompt: "Abstract geometric patterns", Resolution: "128x128" });
  const picture = await demoPage.generate();
  await demoPage.reaches(picture, "completed");
  demoPage.assertCalm();
});

test("pictures that are none end the task with an error, and nothing is lost", async (t) => {
  const demoPage = await open(t);
  await demoPage.fill("Video", {});
  await demoPage.page.getByLabel("From pictures").check();
  await demoPage
    .field("Pictures, in order")
    .setInputFiles([
      { name: "no-picture.png", mimeType: "image/png", buffer: Buffer.from("only words") },
    ]);
  const card = await demoPage.generate();
  await demoPage.reaches(card, "failed");
  assert.equal(await card.locator(".problem-box code").innerText(), "validation");
  assert.equal(await demoPage.page.getByAltText("no-picture.png").count(), 1);
  demoPage.assertCalm();
});

/** Size and length of the card's film, once the browser knows them. */
async function filmOf(card) {
  await card.locator("video").waitFor();
  return card.locator("video").evaluate(async (video) => {
    await globalThis.metadataOf(video);
    return { width: video.videoWidth, height: video.videoHeight, duration: video.duration };
  });
}

/** The pixels of the card's film at a time, as red, green, blue, alpha of 40 × 24 points. */
async function frameAt(card, seconds) {
  return card.locator("video").evaluate(async (video, time) => {
    await new Promise((resolve, reject) => {
      video.onseeked = resolve;
      video.onerror = () => reject(new Error(video.error.message));
      video.currentTime = time;
    });
    const canvas = new OffscreenCanvas(40, 24);
    const context = canvas.getContext("2d");
    context.drawImage(video, 0, 0, 40, 24);
    return [...context.getImageData(0, 0, 40, 24).data];
  }, seconds);
}

/** Mean difference of two frames, 0 to 255. */
function difference(one, other) {
  const total = one.reduce((sum, value, index) => sum + Math.abs(value - other[index]), 0);
  return total / one.length;
}

function meanColour(frame) {
  return [0, 1, 2].map((channel) => {
    const values = frame.filter((_, index) => index % 4 === channel);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  });
}
