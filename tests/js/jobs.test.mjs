// A service of version 1: accepted, followed, cancelled.

import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ImageWorkflow, TaskCancelled, WaitTimeout } from "media-factory";
import { eventText, json, serve } from "./service.mjs";

const result = { status: "success", outputs: [{ url: "/outputs/1", mime_type: "image/png" }] };

/** Accepts jobs; `follow` answers reads of a task and its events. */
function jobs(follow) {
  return async (request, response) => {
    if (request.method === "POST") {
      const id = request.headers["idempotency-key"];
      const location = { location: `/tasks/${id}` };
      json(response, 202, { task_id: id, status: "pending" }, location);
    } else {
      const [, , id, events] = request.url.split("/");
      await follow(request, response, id, events === "events");
    }
  };
}

function stream(response) {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.flushHeaders();
}

test("a job is followed by its events", async (context) => {
  const { url, asked } = await serve(
    context,
    jobs(async (_, response, id) => {
      stream(response);
      response.write(": hello\n\n");
      response.write(eventText(1, { task_id: id, status: "processing", progress: 0.25 }));
      await sleep(5);
      const half = eventText(2, { task_id: id, status: "processing", progress: 0.5, stage: "ink" });
      response.write(half.slice(0, 20));
      await sleep(5);
      response.write(half.slice(20));
      response.end(eventText(3, { task_id: id, status: "completed", progress: 1, result }));
    }),
  );
  const told = [];
  const onUpdate = (event) => told.push(event.kind === "status" ? event.status : event.kind);
  const task = new ImageWorkflow({ service_endpoint: url }).process(
    { prompt: "A fox" },
    { onUpdate },
  );
  await task.wait();
  assert.deepEqual(asked(), ["POST /generate", `GET /tasks/${task.taskId}/events`]);
  assert.equal(task.remoteId, task.taskId);
  assert.equal(task.outputs[0].url, `${url}/outputs/1`);
  assert.deepEqual(told.slice(0, 3), ["created", "accepted", "processing"]);
  assert.ok(told.includes("progress"));
  assert.equal(told.at(-1), "completed");
});

test("a job is polled where events are not offered", async (context) => {
  let polls = 0;
  const { url } = await serve(
    context,
    jobs((_, response, id, wantsEvents) => {
      if (wantsEvents) {
        return json(response, 404, { error: "no such path" });
      }
      polls += 1;
      const isDone = polls === 3;
      const status = isDone ? "completed" : "processing";
      json(response, 200, { task_id: id, status, result: isDone ? result : undefined });
    }),
  );
  const config = { service_endpoint: url, poll_interval: { initial: 0.01, max: 0.02 } };
  const task = new ImageWorkflow(config).process({ prompt: "A fox" });
  await task.wait({ timeout: 5 });
  assert.equal(polls, 3);
});

test("cancel reaches the service, by call, by id and by signal", async (context) => {
  const deleted = [];
  const { url } = await serve(
    context,
    jobs((request, response, id) => {
      if (request.method === "DELETE") {
        deleted.push(id);
        json(response, 200, { task_id: id, status: "cancelled" });
        service.server.emit("deleted");
      } else {
        stream(response);
        response.write(eventText(1, { task_id: id, status: "processing" }));
      }
    }),
  );
  const service = await serve(context, () => {});
  const workflow = new ImageWorkflow({ service_endpoint: url });
  const controller = new AbortController();
  const cancels = [
    [workflow.process({ prompt: "A fox" }), (task) => assert.equal(task.cancel(), true)],
    [workflow.process({ prompt: "A fox" }), (task) => workflow.cancelTask(task.taskId)],
    [
      workflow.process({ prompt: "A fox" }, { signal: controller.signal }),
      () => controller.abort(),
    ],
  ];
  for (const [task, cancel] of cancels) {
    for await (const event of task.events()) {
      if (event.status === "processing" || event.task?.status === "processing") {
        break;
      }
    }
    const told = once(service.server, "deleted");
    cancel(task);
    assert.equal(task.status, "cancelled", "at once");
    assert.equal(task.cancel(), false);
    await assert.rejects(task.wait(), (error) => {
      assert.ok(error instanceof TaskCancelled);
      assert.equal(error.task, task);
      assert.equal(error.code, "cancelled");
      return true;
    });
    await told;
  }
  assert.deepEqual(
    deleted,
    cancels.map(([task]) => task.taskId),
  );
});

test("waiting ends before the task does", async (context) => {
  const { url } = await serve(
    context,
    jobs((_, response) => stream(response)),
  );
  const task = new ImageWorkflow({ service_endpoint: url }).process({ prompt: "A fox" });
  await assert.rejects(task.wait({ timeout: 0.02 }), (error) => {
    assert.ok(error instanceof WaitTimeout);
    assert.equal(error.code, "wait-timeout");
    return true;
  });
  const controller = new AbortController();
  const waiting = task.wait({ signal: controller.signal });
  controller.abort(new Error("enough"));
  await assert.rejects(waiting, { message: "enough" });
  await assert.rejects(task.wait({ signal: controller.signal }), { message: "enough" });
  assert.equal(task.isFinished, false);
  task.cancel();
});

test("a signal that has fired starts nothing", async (context) => {
  const { url, requests } = await serve(context, jobs());
  const workflow = new ImageWorkflow({ service_endpoint: url });
  const signal = AbortSignal.abort();
  assert.throws(() => workflow.process({ prompt: "A fox" }, { signal }), { name: "AbortError" });
  assert.deepEqual(workflow.listTasks(), []);
  assert.deepEqual(requests, []);
});

test("a lost stream is taken up again", async (context) => {
  let streams = 0;
  const { url, requests } = await serve(
    context,
    jobs((_, response, id, wantsEvents) => {
      if (!wantsEvents) {
        return json(response, 200, { task_id: id, status: "processing" });
      }
      stream(response);
      streams += 1;
      if (streams === 1) {
        response.write(eventText(7, { task_id: id, status: "processing", progress: 0.5 }));
        setTimeout(() => response.destroy(), 10);
      } else {
        response.end(eventText(8, { task_id: id, status: "completed", result }));
      }
    }),
  );
  const config = { service_endpoint: url, retry: { base_delay: 0.01 } };
  await new ImageWorkflow(config).process({ prompt: "A fox" }).wait();
  assert.equal(requests.at(-1).headers["last-event-id"], "7");
});
