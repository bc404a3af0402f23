// Code that must check, and lines that must not.

import {
  asCompleted,
  type Config,
  ImageWorkflow,
  MediaFactory,
  type MediaFactoryError,
  MediaFactoryRegistry,
  type MediaOutput,
  type MediaTask,
  MediaType,
  ProcessingStatus,
  type TaskEvent,
  ValidationError,
  type VideoWorkflow,
  VoiceWorkflow,
  waitAll,
} from "media-factory";
import { init } from "media-factory/asset";
import "media-factory/neural-voice";
import { TestBench } from "media-factory/testing";

const config: Config = {
  protocol: "sandbox",
  service_endpoint: "https://example.org",
  retry: { ambiguous_submit: "retry" },
  sandbox: { fidelity: "full", latency: [0.1, 2], failure_rate: 0.5, seed: 7n },
  fetch: (url, init) => fetch(url, init),
};

const image: ImageWorkflow = MediaFactoryRegistry.getWorkflow(MediaType.IMAGE, config);
const video: VideoWorkflow = MediaFactoryRegistry.getWorkflow("video");
const own: MediaFactory = new MediaFactoryRegistry({ image: config }).getWorkflow("music");
MediaFactoryRegistry.configure({ protocol: "sandbox", video: { max_duration: 600 } });

const task: MediaTask = image.process(
  { prompt: "A fox", resolution: "4K", seed: 7n, image: new Blob(), style: null },
  { timeout: 3, signal: AbortSignal.timeout(1), onUpdate: (event) => told(event) },
);
video.process({ images: ["a.png", new Uint8Array()], transitions: "fade" });
video.createFromImages(new Set(["a.png"]), { fps: 30 });
video.createFromImages(new Blob());
new VoiceWorkflow().textToSpeech("Hello", { voice: "professional", language: "en" });
new VoiceWorkflow(null).cloneVoice(new File([], "a.wav"), "Hello");

function told(event: TaskEvent): void {
  const at: Date = event.at;
  if (event.kind === "status" && event.status === ProcessingStatus.FAILED) {
    const hint: string | undefined = event.error?.hint;
    console.log(at, hint);
  }
  if (event.kind === "progress") {
    const progress: number | undefined = event.progress;
    console.log(progress);
  }
}

async function follow(): Promise<string> {
  for await (const event of task.events()) {
    told(event);
  }
  const stop: () => void = task.onUpdate(told);
  stop();
  const same: MediaTask = await task.wait({ timeout: 1 });
  const [first]: MediaTask[] = await waitAll([task], { onUpdate: told, raiseOnError: true });
  for await (const finished of asCompleted([same])) {
    console.log(finished.status === "completed", first?.progress);
  }
  const output: MediaOutput | undefined = task.outputs[0];
  const bytes: Uint8Array | undefined = output?.bytes;
  console.log(bytes, await output?.blob(), await output?.objectURL());
  const raw: unknown = task.result?.raw;
  return String(raw);
}

class Music extends MediaFactory {
  #tempo = 1;

  protected override _setup(): void {
    this.#tempo = 2;
  }

  override validateParameters(parameters: { mood?: string }): boolean | string[] {
    return parameters.mood ? true : ["mood is required"];
  }

  override process(parameters: { mood: string }): MediaTask {
    return this.runTask(parameters, async (task, signal) => {
      signal.throwIfAborted();
      task.reportProgress(0.5, "composing");
      return { outputs: [new Blob()], tempo: this.#tempo };
    });
  }
}
MediaFactoryRegistry.register("music", Music);

try {
  image.process({ prompt: "" });
} catch (error) {
  if (error instanceof ValidationError) {
    const [issue] = error.issues;
    console.log(issue?.path, issue?.suggestion, error.cause);
  }
}
const error: MediaFactoryError = new ValidationError("wrong", { hint: "right it", cause: 1 });
const bench = new TestBench({ exchanges: [{ reply: { status: 200 } }], random: [0.5] });
const under: ImageWorkflow = bench.registry.getWorkflow("image");
export const used = [own, error, under, follow(), init(new URL("https://example.org/m.wasm"))];

// @ts-expect-error: there is nothing to take from this entry, its import is enough
export { NeuralVoice } from "media-factory/neural-voice";

// @ts-expect-error: there is no such entry
import "media-factory/neural-voices";

// @ts-expect-error: a picture needs a prompt
image.process({});
// @ts-expect-error: there is no such parameter
image.process({ prompt: "A fox", promt: "A fox" });
// @ts-expect-error: a seed is a number
image.process({ prompt: "A fox", seed: "7" });
// @ts-expect-error: a film needs a prompt or pictures
video.process({ fps: 30 });
// @ts-expect-error: there is no such transition
video.createFromImages([], { transitions: "explode" });
// @ts-expect-error: there is no such option
image.process({ prompt: "A fox" }, { priority: 1 });
// @ts-expect-error: there is no such protocol
new ImageWorkflow({ protocol: "carrier-pigeon" });
// @ts-expect-error: there is no such key
new ImageWorkflow({ endpoint: "https://example.org" });
// @ts-expect-error: tasks are made by workflows
new (task.constructor as typeof MediaTask)();
// @ts-expect-error: the state is the task's own
task.status = "completed";
// @ts-expect-error: there is no such status
image.listTasks("done");
// @ts-expect-error: only workflows can be registered
MediaFactoryRegistry.register("music", class {});
// @ts-expect-error: the prefix says that it is not for callers
image._setup();
