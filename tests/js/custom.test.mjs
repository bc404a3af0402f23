// Workflows of the user's own.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import {
  ConfigError,
  ImageWorkflow,
  MediaFactory,
  MediaFactoryRegistry,
  TaskFailed,
  ValidationError,
  VideoWorkflow,
  VoiceWorkflow,
} from "media-factory";
import { PNG } from "./service.mjs";

class MusicWorkflow extends MediaFactory {
  tempo = 100;
  setUps = 0;

  _setup() {
    this.setUps += 1;
    this.tempo += 20;
  }

  validateParameters({ mood } = {}) {
    return typeof mood === "string" ? true : ["mood must be a string"];
  }

  process(parameters, options) {
    return this.runTask(parameters, (task, signal) => this.play(task, parameters, signal), options);
  }

  async play(task, { mood }, signal) {
    task.reportProgress(0.5, "composing");
    if (mood === "angry") {
      throw new RangeError("too loud");
    }
    if (mood === "endless") {
      await new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    }
    return { outputs: [new Blob([PNG], { type: "image/png" })], mood, tempo: this.tempo };
  }

  _getSupportedFormats() {
    return ["wav"];
  }

  _getFeatures() {
    return [`tempo ${this.tempo}`];
  }
}

function registry() {
  const registry = new MediaFactoryRegistry();
  registry.register("music", MusicWorkflow);
  return registry;
}

test("a registered workflow behaves like a built-in one", async () => {
  const own = registry();
  assert.deepEqual(own.listAvailableWorkflows(), ["image", "video", "voice", "music"]);
  const music = own.getWorkflow("music");
  assert.ok(music instanceof MusicWorkflow);
  assert.equal(music.mediaType, "music");
  const told = [];
  const task = music.process({ mood: "calm" }, { onUpdate: (event) => told.push(event.kind) });
  assert.equal(task.status, "pending");
  await task.wait();
  assert.deepEqual(told, ["created", "status", "progress", "status"]);
  assert.equal(task.mediaType, "music");
  assert.deepEqual(task.result.raw, { mood: "calm", tempo: 120 });
  assert.deepEqual(Buffer.from(task.outputs[0].bytes), PNG);
  assert.equal(task.outputs[0].mimeType, "image/png");
  assert.equal(own.getTask(task.taskId).status, "completed");
  const capabilities = music.getCapabilities();
  assert.deepEqual(capabilities.supported_formats, ["wav"]);
  assert.deepEqual(capabilities.features, ["tempo 120"]);
});

test("_setup runs once, after the fields exist and before first use", () => {
  const direct = new MusicWorkflow();
  assert.deepEqual(direct._getFeatures(), ["tempo 120"]);
  assert.equal(direct.validateParameters({ mood: "calm" }), true);
  assert.equal(direct.setUps, 1);
  assert.equal(registry().getWorkflow("music").setUps, 1);
  assert.equal(direct.mediaType, "MusicWorkflow");
});

test("invalid parameters throw before there is a task", () => {
  const music = registry().getWorkflow("music");
  assert.throws(
    () => music.process({ mood: 7 }),
    (error) => {
      assert.ok(error instanceof ValidationError);
      assert.equal(error.issues[0].message, "mood must be a string");
      return true;
    },
  );
  assert.deepEqual(music.listTasks(), []);
  assert.equal(music.check({ mood: 7 }).length, 1);
});

test("what a body throws fails its task, and comes back as the cause", async () => {
  const own = registry();
  const task = own.getWorkflow("music").process({ mood: "angry" });
  await assert.rejects(task.wait(), (error) => {
    assert.ok(error instanceof TaskFailed);
    assert.equal(error.code, "internal");
    assert.ok(error.cause.cause instanceof RangeError);
    return true;
  });
  assert.ok(own.getTask(task.taskId).error.cause instanceof RangeError, "from another handle too");
});

test("cancelling tells the body, and what it does later changes nothing", async () => {
  const music = registry().getWorkflow("music");
  const controller = new AbortController();
  const task = music.process({ mood: "endless" }, { signal: controller.signal });
  for await (const event of task.events()) {
    if (event.kind === "progress") {
      controller.abort();
    }
  }
  assert.equal(task.status, "cancelled");
  task.complete("late");
  task.fail(new Error("late"));
  task.reportProgress(1);
  assert.equal(task.status, "cancelled");
});

test("a batch gives a task for every item, whatever process throws", () => {
  const tasks = registry()
    .getWorkflow("music")
    .batchProcess([{ mood: "calm" }, {}]);
  assert.deepEqual(
    tasks.map((task) => task.status),
    ["pending", "failed"],
  );
  assert.equal(tasks[1].error.code, "validation");
});

test("tasks can be moved by hand, and misuse throws", () => {
  const music = registry().getWorkflow("music");
  const task = music.createTask({ mood: "calm" }, { composer: "nobody" });
  assert.equal(task.metadata.composer, "nobody");
  assert.throws(() => task.reportProgress(0.5), { code: "validation" });
  task.start();
  assert.throws(() => task.start(), { code: "validation" });
  assert.throws(() => task.reportProgress(1.5), { code: "validation" });
  task.reportProgress(0.5, "halfway");
  task.reportProgress(0.25);
  assert.equal(task.progress, 0.5);
  assert.equal(task.stage, "halfway");
  assert.throws(() => task.complete({ outputs: ["text"] }), { code: "validation" });
  task.complete({ outputs: [PNG, { bytes: PNG, width: 3, height: 2, seed: 7 }], raw: ["own"] });
  assert.deepEqual(task.result.raw, ["own"]);
  assert.deepEqual([task.outputs[1].width, task.outputs[1].seed], [3, 7]);
  assert.throws(() => task.complete(), { code: "validation" });
});

test("an answer of validateParameters that is none is a mistake of the class", () => {
  const answers = [Promise.resolve(true), undefined, "yes", 1];
  class Vague extends MediaFactory {
    validateParameters({ answer }) {
      return answers[answer];
    }
    process(parameters) {
      return this.runTask(parameters, () => null);
    }
  }
  for (const answer of answers.keys()) {
    assert.throws(
      () => new Vague().process({ answer }),
      (error) => error instanceof ConfigError,
    );
  }
});

test("a class may replace a built-in one, and build on it", () => {
  class Framed extends ImageWorkflow {
    process(parameters, options) {
      return super.process({ ...parameters, style: "framed" }, options);
    }
  }
  const own = new MediaFactoryRegistry({ service_endpoint: "http://127.0.0.1:1" });
  own.register("image", Framed);
  const task = own.getWorkflow("image").process({ prompt: "A fox" });
  assert.equal(task.parameters.style, "framed");
  task.cancel();
  const [batched] = own.getWorkflow("image").batchProcess([{ prompt: "A fox" }]);
  assert.equal(batched.parameters.style, "framed");
  batched.cancel();
});

test("whatever starts a task asks a subclass's own validateParameters", () => {
  const asked = [];
  const reluctant = (type) =>
    class extends type {
      validateParameters(parameters) {
        asked.push(parameters);
        return parameters.prompt === "A fox" && super.validateParameters(parameters);
      }
    };
  const config = { service_endpoint: "http://127.0.0.1:1" };
  const image = new (reluctant(ImageWorkflow))(config);
  const video = new (reluctant(VideoWorkflow))(config);
  const voice = new (reluctant(VoiceWorkflow))(config);
  const starts = [
    () => image.process({ prompt: "A cat" }),
    () => video.createFromImages(new Set(["https://example.org/a.png"]), { fps: 30 }),
    () => voice.textToSpeech("Hello", { voice: "deep" }),
    () => voice.cloneVoice("https://example.org/a.wav", "Hello"),
  ];
  for (const start of starts) {
    assert.throws(start, (error) => error instanceof ValidationError);
  }
  assert.deepEqual(asked, [
    { prompt: "A cat" },
    { fps: 30, mode: "image-sequence", images: ["https://example.org/a.png"] },
    { text: "Hello", voice: "deep", language: "en" },
    { text: "Hello", audio_input: "https://example.org/a.wav", model: "voice-clone" },
  ]);
  for (const workflow of [image, video, voice]) {
    assert.deepEqual(workflow.listTasks(), []);
  }
  const [refused, started] = image.batchProcess([{ prompt: "A cat" }, { prompt: "A fox" }]);
  assert.deepEqual([refused.status, refused.error.code], ["failed", "validation"]);
  assert.equal(started.status, "pending");
  started.cancel();
});

test("bytes are an output, and what is no plain data is refused", async () => {
  class Returns extends MediaFactory {
    process(result) {
      return this.runTask({}, () => result);
    }
  }
  const workflow = new Returns();
  const bytes = PNG.buffer.slice(PNG.byteOffset, PNG.byteOffset + PNG.length);
  for (const result of [PNG, bytes, new Blob([PNG], { type: "image/png" })]) {
    const { outputs, raw } = (await workflow.process(result).wait()).result;
    assert.deepEqual(Buffer.from(outputs[0].bytes), PNG);
    assert.equal(raw, null);
  }
  const moment = new Date();
  const foreign = [moment, () => 1, 2n ** 70n, Number.NaN, new Map(), new (class Own {})()];
  for (const value of [...foreign, "half \ud83d"]) {
    for (const result of [value, { deep: [value] }]) {
      const task = workflow.process(result);
      await assert.rejects(task.wait(), {
        code: "validation",
        message: /result must be plain data/,
      });
      assert.throws(() => workflow.createTask({}).complete(result), { code: "validation" });
    }
    const message = /metadata must be plain data/;
    assert.throws(() => workflow.createTask({}, { value }), { code: "validation", message });
  }
  for (const value of [PNG, new Blob([PNG])]) {
    const message = /result must be plain data, not media/;
    await assert.rejects(workflow.process({ value }).wait(), { code: "validation", message });
  }
  const refusal = { code: "validation", hint: /arrayBuffer/ };
  assert.throws(() => workflow.createTask({}).complete(new Blob([PNG])), refusal);
});

test("events are noted from the call on, not from the first that is asked for", async () => {
  const task = registry().getWorkflow("music").createTask({ mood: "calm" });
  const events = task.events();
  task.start();
  task.reportProgress(0.5, "composing");
  task.complete();
  const told = [];
  for await (const event of events) {
    told.push(event.task?.status ?? event.status ?? event.kind);
  }
  assert.deepEqual(told, ["pending", "processing", "progress", "completed"]);
  const unread = task.events();
  assert.deepEqual(await unread.return(), { done: true, value: undefined });
});

test("what is printed names things and tells no secrets", async () => {
  const secrets = { api_key: "sk-1234567", headers: { "x-token": "tok-7654321" } };
  const fetch = async () => Response.json({});
  const workflow = new ImageWorkflow({ service_endpoint: "http://127.0.0.1:1", fetch, ...secrets });
  const printed = [workflow, workflow.config, { deep: [workflow.config] }].flatMap((value) => [
    inspect(value, { showHidden: true, depth: 9 }),
    JSON.stringify(value),
  ]);
  for (const text of printed) {
    assert.doesNotMatch(text, /sk-1234567|tok-7654321/);
  }
  assert.deepEqual(JSON.parse(JSON.stringify(workflow.config)), {
    service_endpoint: "http://127.0.0.1:1",
    api_key: "***",
    headers: { "x-token": "***" },
  });
  assert.equal(workflow.config.api_key, "sk-1234567");
  assert.deepEqual(new ImageWorkflow(workflow.config).config, workflow.config);
  const task = registry().getWorkflow("music").process({ mood: "calm" });
  assert.equal(inspect(task), `MediaTask(${task.taskId}, music, pending)`);
  await task.wait();
  assert.equal(inspect(task), `MediaTask(${task.taskId}, music, completed)`);
  assert.equal(inspect(task.outputs), "[ MediaOutput(image/png) ]");
  assert.equal(inspect(registry()), "MediaFactoryRegistry(image, video, voice, music)");
});

test("only workflows can be registered, under names that are some", () => {
  const own = new MediaFactoryRegistry();
  assert.throws(() => own.register("music", class {}), { code: "config" });
  assert.throws(() => own.register("no spaces", MusicWorkflow), { code: "config" });
  assert.throws(() => new MediaFactory().process({}), { code: "unsupported" });
});
