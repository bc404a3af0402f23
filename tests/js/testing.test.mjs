// What users test their own applications with.

import assert from "node:assert/strict";
import { test } from "node:test";
import { MediaFactoryError, MediaFactoryRegistry, MediaTask } from "media-factory";
import { TestBench } from "media-factory/testing";

const endpoint = "http://image-generation-service:5000";

test("time passes when it is told to", async () => {
  const bench = new TestBench({
    exchanges: [
      { expect: { method: "POST" }, reply: { status: 503, headers: { "retry-after": "2" } } },
      {
        expect: { url: `${endpoint}/health` },
        reply: { json: { status: "healthy" } },
        standing: true,
      },
      { reply: { json: { status: "success", image_id: "1", url: "/a.png" }, after: 3 } },
    ],
    random: [0.5],
    config: { retry: { ambiguous_submit: "retry" } },
  });
  assert.ok(bench.registry instanceof MediaFactoryRegistry);
  const told = [];
  const onUpdate = (event) => told.push(`${event.kind} ${event.at.toISOString().slice(17, 23)}`);
  const task = bench.registry.getWorkflow("image").process({ prompt: "A fox" }, { onUpdate });
  assert.ok(task instanceof MediaTask);
  assert.equal(task.createdAt.toISOString(), "2026-11-22T09:40:00.000Z");
  await bench.settle();
  assert.equal(task.status, "pending");
  await bench.advance(1);
  assert.equal(bench.elapsed, 1);
  await bench.run();
  assert.equal(task.status, "completed");
  assert.deepEqual(told, ["created 00.000", "retry 00.000", "status 05.000", "status 05.000"]);
  assert.equal(bench.requests[0].json.prompt, "A fox");
  assert.deepEqual(bench.problems, []);
});

test("the errors are those of the package", async () => {
  const bench = new TestBench({ exchanges: [{ reply: { status: 401, json: { error: "no" } } }] });
  const task = bench.registry.getWorkflow("image").process({ prompt: "A fox" });
  await bench.run();
  await assert.rejects(task.wait(), (error) => {
    assert.ok(error instanceof MediaFactoryError);
    assert.equal(error.code, "auth");
    return true;
  });
});

test("its environment replaces the real one", () => {
  const env = { MEDIA_FACTORY_IMAGE_ENDPOINT: "https://example.org/images" };
  const task = new TestBench({ env }).registry.getWorkflow("image").process({ prompt: "A fox" });
  assert.equal(task.metadata.endpoint, "https://example.org/images");
});

test("a request that nobody expected is a problem", async () => {
  const bench = new TestBench({ config: { retry: { max_attempts: 1 } } });
  bench.registry.getWorkflow("image").process({ prompt: "A fox" });
  await bench.run();
  assert.match(bench.problems[0], /unexpected POST/);
  assert.throws(() => new TestBench({ random: "none" }), { code: "config" });
});
