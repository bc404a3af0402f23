// The neural voice in a built page: fetched when somebody asks for it, and not before.

import assert from "node:assert/strict";
import { test } from "node:test";
import { loudnessOf } from "../wav.mjs";
import { demo } from "./demo-page.mjs";

const open = demo();

/** What the voice consists of, as the page's bundler named it. */
const FILES = /\/(hibari|media_factory_neural_voice_bg)-[^/]*\.(onnx|wasm)$/;

test("it is fetched with the first task that asks for it, once, and can be heard", async (t) => {
  const demoPage = await open(t);
  const fetched = [];
  demoPage.page.context().on("request", (request) => {
    const [, name] = FILES.exec(request.url()) ?? [];
    if (name !== undefined) fetched.push(name);
  });
  await speak(demoPage, "narrator", "completed");
  assert.deepEqual(fetched, []);

  const card = await speak(demoPage, "neural", "completed");
  assert.deepEqual(fetched.toSorted(), ["hibari", "media_factory_neural_voice_bg"]);
  const duration = await demoPage.soundLength(card);
  assert.ok(duration > 3 && duration < 8, `it lasts ${duration} s`);
  const { bytes } = await demoPage.download(card);
  assert.ok(loudnessOf(bytes) > 300, `the loudness is ${loudnessOf(bytes)}`);
  assert.match(await card.innerText(), /neural network/);

  await speak(demoPage, "neural", "completed");
  assert.equal(fetched.length, 2);
  demoPage.assertCalm();
});

test("a download that fails ends its task, and the next one tries again", async (t) => {
  const demoPage = await open(t);
  await demoPage.page.route("**/hibari-*.onnx", (route) => route.fulfill({ status: 404 }));
  const early = await speak(demoPage, "neural", "failed");
  assert.equal(await early.locator(".problem-box code").innerText(), "connection");
  assert.match(await early.innerText(), /could not be loaded from http.*\.onnx \(status 404\)/);

  await demoPage.page.unrouteAll();
  await speak(demoPage, "neural", "completed");
});

async function speak(demoPage, voice, status) {
  const text = "The birch canoe slid on the smooth planks. Glue the sheet to the dark background.";
  await demoPage.fill("Voice", { Text: text, "Voice name": voice });
  const card = await demoPage.generate();
  await demoPage.reaches(card, status);
  return card;
}
