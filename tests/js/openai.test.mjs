// The protocol `openai` over real connections: what the vectors cannot show is bytes on the wire.

import assert from "node:assert/strict";
import { test } from "node:test";
import { MediaFactoryRegistry } from "media-factory";
import { json, PNG, serve } from "./service.mjs";

const KEY = "sk-of-a-test";
const WAV = Buffer.from("RIFF\x24\x00\x00\x00WAVEfmt of a test", "latin1");

/** A server as small as it can be that speaks as OpenAI's does. */
function studio(request, response) {
  const picture = { b64_json: PNG.toString("base64") };
  switch (request.url) {
    case "/v1/images/generations":
      return request.json.stream
        ? stream(response, picture)
        : json(response, 200, { created: 1, data: [picture] });
    case "/v1/images/edits":
      return json(response, 200, { created: 1, data: [picture] });
    case "/v1/audio/speech":
      response.writeHead(200, { "content-type": "audio/wav" });
      return response.end(WAV);
    default:
      return json(response, 404, { error: { message: "no such path", type: "invalid" } });
  }
}

function stream(response, picture) {
  response.writeHead(200, { "content-type": "text/event-stream" });
  const tell = (type, more) =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...picture, ...more })}\n\n`);
  tell("image_generation.partial_image", { partial_image_index: 0 });
  setTimeout(() => {
    tell("image_generation.completed", {});
    response.end();
  }, 30);
}

async function open(context, medium) {
  const service = await serve(context, studio);
  const workflow = new MediaFactoryRegistry().getWorkflow(medium, {
    protocol: "openai",
    service_endpoint: `${service.url}/v1`,
    api_key: KEY,
  });
  return { ...service, workflow };
}

test("a generation gives the picture of its answer, and sends the key as OpenAI wants it", async (t) => {
  const { workflow, requests } = await open(t, "image");
  const [output] = (await workflow.process({ prompt: "A lighthouse" }).wait()).outputs;
  assert.deepEqual(Buffer.from(await output.arrayBuffer()), PNG);
  assert.equal(requests[0].headers.authorization, `Bearer ${KEY}`);
  assert.equal(requests[0].json.prompt, "A lighthouse");
});

test("previews come before the picture, each an output in memory", async (t) => {
  const { workflow } = await open(t, "image");
  const task = workflow.process({ prompt: "A lighthouse", extra: { partial_images: 1 } });
  const previews = [];
  for await (const event of task.events()) {
    if (event.kind === "preview") {
      assert.equal(task.isFinished, false);
      previews.push(event.output);
    }
  }
  assert.equal(task.status, "completed", task.error?.message);
  assert.equal(previews.length, 1);
  const blob = await previews[0].blob();
  assert.equal(blob.type, "image/png");
  assert.deepEqual(Buffer.from(await blob.arrayBuffer()), PNG);
  const url = await previews[0].objectURL();
  assert.match(url, /^blob:/);
  URL.revokeObjectURL(url);
});

test("an edit is a form with the picture's own bytes", async (t) => {
  const { workflow, requests } = await open(t, "image");
  await workflow.process({ prompt: "At night", image: new Blob([PNG]) }).wait();
  const [{ url, headers, body }] = requests;
  assert.equal(url, "/v1/images/edits");
  const form = await new Response(body, {
    headers: { "content-type": headers["content-type"] },
  }).formData();
  assert.equal(form.get("prompt"), "At night");
  const [picture] = [...form.values()].filter((value) => value instanceof Blob);
  assert.deepEqual(Buffer.from(await picture.arrayBuffer()), PNG);
});

test("speech is the bytes of the answer", async (t) => {
  const { workflow, requests } = await open(t, "voice");
  const task = workflow.textToSpeech("Good evening.");
  const [output] = (await task.wait()).outputs;
  assert.deepEqual(Buffer.from(await output.arrayBuffer()), WAV);
  assert.equal(requests[0].json.input, "Good evening.");
});

test("what the API cannot do is refused before anything is sent", async (t) => {
  const { workflow, requests } = await open(t, "image");
  assert.throws(() => workflow.process({ prompt: "A lighthouse", seed: 7 }), {
    code: "unsupported",
  });
  assert.equal(requests.length, 0);
});
