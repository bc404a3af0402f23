// The service is killed in the middle of a batch and started again; nothing is lost or made twice.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ImageWorkflow } from "media-factory";
import { NativeService } from "../native-service.mjs";
import { temporaryFolder } from "../temporary-folder.mjs";

const TASKS = 200;
const CONFIG = { timeout: 60, retry: { base_delay: 0.05, max_delay: 0.2 } };

test("a batch outlives its service", async (context) => {
  const dataDir = await temporaryFolder(context);
  const options = ["--faults", "--only", "image", "--data-dir", dataDir];
  const first = await NativeService.start(options);
  const images = new ImageWorkflow({ service_endpoint: first.urls.image, ...CONFIG });
  const tasks = images.batchProcess(
    Array.from({ length: TASKS }, (_, number) => ({
      prompt: `planet ${number}`,
      resolution: "16x16",
    })),
  );
  const completed = () => tasks.filter((task) => task.status === "completed").length;
  while (completed() < TASKS / 5) await sleep(10);
  await first.kill();
  assert.ok(completed() < TASKS);

  const { port } = new URL(first.urls.image);
  const second = await NativeService.startFor(context, options, { port });
  await Promise.all(tasks.map((task) => task.wait()));
  const { generations } = await second.counters();
  assert.deepEqual(
    tasks.map((task) => generations[task.taskId]),
    Array(TASKS).fill(1),
  );
  for (const { outputs } of tasks) {
    assert.equal((await outputs[0].arrayBuffer()).byteLength, outputs[0].size);
  }
});
