// A user's own fetch carries the requests.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ConnectionFailed, ImageWorkflow, MediaFactoryRegistry } from "media-factory";
import { PNG, pictures, serve } from "./service.mjs";

const answer = { status: "success", image_id: "1", url: "/outputs/a.png" };
const quick = { retry: { max_attempts: 2, base_delay: 0.001 } };

test("it gets a URL and an init object, and what it gives is the answer", async () => {
  const calls = [];
  const fetch = async (url, init) => {
    calls.push([url, init]);
    return url.endsWith("/generate")
      ? Response.json(answer)
      : new Response(PNG, { headers: { "content-type": "image/png" } });
  };
  const workflow = new ImageWorkflow({ fetch, service_endpoint: "https://example.org/api" });
  const task = workflow.process({ prompt: "A fox" });
  await task.wait();
  assert.deepEqual(Buffer.from(await task.outputs[0].arrayBuffer()), PNG);
  const [[url, init]] = calls;
  assert.equal(url, "https://example.org/api/generate");
  assert.equal(init.method, "POST");
  assert.equal(init.headers["idempotency-key"], task.taskId);
  assert.deepEqual(JSON.parse(new TextDecoder().decode(init.body)), { prompt: "A fox" });
  assert.equal(init.credentials, "omit");
});

test("the platform's own will do, and streams", async (context) => {
  const { url } = await serve(context, pictures);
  const registry = new MediaFactoryRegistry({ image: { fetch }, service_endpoint: url });
  const task = registry.getWorkflow("image").process({ prompt: "A fox" });
  await task.wait();
  assert.deepEqual(Buffer.from(await task.outputs[0].arrayBuffer()), PNG);
});

test("its exceptions come back as the cause, and its failures are no proof that nothing was sent", async () => {
  const mistake = new RangeError("a mistake of the user");
  const failure = new TypeError("fetch failed");
  const cases = [
    [
      () => {
        throw mistake;
      },
      mistake,
    ],
    [() => Promise.reject(mistake), mistake],
    [async () => "no response", undefined],
    [() => Promise.reject(failure), failure],
    [
      async () => new Response(new ReadableStream({ pull: () => Promise.reject(failure) })),
      failure,
    ],
  ];
  for (const [fetch, cause] of cases) {
    const config = { fetch, service_endpoint: "https://example.org", ...quick };
    const task = new ImageWorkflow(config).process({ prompt: "A fox" });
    await assert.rejects(task.wait(), { name: "TaskFailed", code: "ambiguous-submit" });
    if (cause) {
      assert.equal(task.error.cause, cause);
    }
  }
});

test("a ConnectionFailed says that nothing was sent, which is tried again", async () => {
  const config = { service_endpoint: "https://example.org", ...quick };
  const refused = new ConnectionFailed("the proxy is down");
  let submissions = 0;
  const fetch = async () => {
    submissions += 1;
    if (submissions === 1) {
      throw refused;
    }
    return Response.json(answer);
  };
  await new ImageWorkflow({ fetch, ...config }).process({ prompt: "A fox" }).wait();
  assert.equal(submissions, 2);
  const never = () => Promise.reject(refused);
  const task = new ImageWorkflow({ fetch: never, ...config }).process({ prompt: "A fox" });
  await assert.rejects(task.wait(), { name: "TaskFailed", code: "connection" });
  assert.equal(task.error.cause, refused);
});

test("it is told when nobody waits any more", async () => {
  const aborted = new Promise((resolve) => {
    const fetch = (_, { signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => {
          resolve(signal.reason.name);
          reject(signal.reason);
        });
      });
    const limits = { timeout: 0.02, request_timeout: 0.02 };
    const config = { fetch, service_endpoint: "https://example.org", ...limits, ...quick };
    new ImageWorkflow(config).process({ prompt: "A fox" });
  });
  assert.equal(await aborted, "AbortError");
});
