// The neural voice in Node: fetched for those who import it, with the first job that asks for it.

import assert from "node:assert/strict";
import { copyFile, cp, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { MediaFactoryRegistry, waitAll } from "media-factory";
import { temporaryFolder } from "../temporary-folder.mjs";
import { loudnessOf } from "../wav.mjs";
import "media-factory/neural-voice";

const DIST = fileURLToPath(new URL("../../bindings-wasm/dist", import.meta.url));
const TEXT = "The birch canoe slid on the smooth planks. Glue the sheet to the dark background.";

const voices = new MediaFactoryRegistry({ protocol: "sandbox" }).getWorkflow("voice");
const say = (parameters) => voices.process({ text: TEXT, voice: "neural", ...parameters });

test("it is listed", async () => {
  const names = (await voices.listVoices()).map(({ name }) => name);
  assert.deepEqual(names, ["kal", "narrator", "bass", "alto", "treble", "neural"]);
});

test("it speaks", async () => {
  const task = say();
  const told = [];
  for await (const event of task.events()) {
    if (event.kind === "progress") told.push(event);
  }
  const [output] = (await task.wait()).outputs;
  assert.equal(output.mimeType, "audio/wav");
  assert.ok(output.duration > 3 && output.duration < 8, `it lasts ${output.duration} s`);
  const wav = Buffer.from(await output.arrayBuffer());
  assert.equal(wav.readUInt32LE(24), 16_000);
  const loudness = loudnessOf(wav);
  assert.ok(loudness > 300, `the loudness is ${loudness}`);
  assert.match(task.metadata.notes.join(), /neural network/);
  assert.ok(told.some(({ stage }) => stage === "loading"));
  const between = told.filter(({ progress }) => progress > 0 && progress < 1);
  assert.ok(between.length > 0, "nothing was told between two breaths");
});

test("it follows speed and pitch, in both formats", async () => {
  const tasks = [say(), say({ speed: 2 }), say({ pitch: 6, format: "ogg" })];
  await waitAll(tasks, { raiseOnError: true });
  const [plain, fast, high] = tasks.map((task) => task.outputs[0]);
  assert.ok(fast.duration < plain.duration * 0.7, `${plain.duration} s became ${fast.duration} s`);
  assert.ok(Math.abs(high.duration - plain.duration) < 0.3, `it lasts ${high.duration} s`);
  assert.equal(high.mimeType, "audio/ogg");
  assert.equal(Buffer.from(await high.arrayBuffer()).toString("latin1", 0, 4), "OggS");
});

test("a long text is cancelled between two breaths, and the next one is heard", async () => {
  const long = say({ text: `${TEXT} `.repeat(200) });
  for await (const event of long.events()) {
    if (event.kind === "progress" && event.progress > 0) long.cancel();
  }
  assert.equal(long.status, "cancelled");
  await say().wait({ timeout: 60 });
});

test("it imitates nobody", async () => {
  const sample = await readFile(new URL("../golden/inputs/voice.wav", import.meta.url));
  const imitation = say({ audio_input: sample });
  await assert.rejects(imitation.wait({ timeout: 60 }), {
    code: "unsupported",
    message: /imitates nobody/,
  });
});

test("a model that is missing or damaged fails its task only", async (t) => {
  const folder = await temporaryFolder(t);
  await cp(DIST, folder, { recursive: true });
  const model = path.join(folder, "hibari.onnx");
  const elsewhere = path.join(folder, "elsewhere.onnx");
  await rename(model, elsewhere);
  const installed = (name) => import(pathToFileURL(path.join(folder, name)).href);
  await installed("neural-voice.js");
  const { VoiceWorkflow } = await installed("node.js");
  const theirs = new VoiceWorkflow({ protocol: "sandbox" });

  const speak = (voice) => theirs.textToSpeech(TEXT, { voice }).wait({ timeout: 60 });
  await assert.rejects(speak("neural"), {
    code: "connection",
    message: /the neural voice could not be loaded from file:.*hibari\.onnx/,
  });
  await writeFile(model, "half of a model");
  await assert.rejects(speak("neural"), {
    code: "internal",
    message: /the model of the neural voice cannot be loaded/,
  });
  await speak("narrator");
  await copyFile(elsewhere, model);
  const { outputs } = await speak("neural");
  assert.ok(outputs[0].duration > 3);
});
