// A service on loopback that answers as a test says, and notes what it was asked.

import { once } from "node:events";
import http from "node:http";

/** A picture that is one by its first bytes. */
export const PNG = Buffer.from("\x89PNG\r\n\x1a\nnot much of a picture", "latin1");

/**
 * Starts a service. `answer(request, response)` gets requests with `body` and `json` read; the
 * service ends with the test.
 */
export async function serve(context, answer) {
  const requests = [];
  const server = http.createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    request.body = Buffer.concat(chunks);
    request.json = request.headers["content-type"]?.includes("json")
      ? JSON.parse(request.body)
      : undefined;
    requests.push(request);
    await answer(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${server.address().port}`;
  const asked = () => requests.map((request) => `${request.method} ${request.url}`);
  return { url, requests, asked, server };
}

/** Answers with JSON. */
export function json(response, status, body, headers = {}) {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}

/** Answers as a synchronous service of version 0 does. */
export function finished(response, file = "a.png") {
  json(response, 200, { status: "success", image_id: "remote-1", url: `/outputs/${file}` });
}

/** A version-0 picture service: `/generate` and the file. */
export function pictures(request, response) {
  if (request.method === "POST" && request.url === "/generate") {
    finished(response);
  } else if (request.url.startsWith("/outputs/")) {
    response.writeHead(200, { "content-type": "image/png", "content-length": PNG.length });
    response.end(PNG);
  } else {
    json(response, 404, { error: "no such path" });
  }
}

/** One event of a version-1 task's stream. */
export function eventText(seq, task) {
  return `id: ${seq}\nevent: update\ndata: ${JSON.stringify(task)}\n\n`;
}
