import { EventEmitter, once } from "node:events";
import { createServer } from "node:http";
import { plainPng } from "./picture.mjs";

const CORS = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "*, authorization",
  "access-control-allow-methods": "GET, POST, DELETE",
  "access-control-expose-headers": "Location, Retry-After, ETag",
};

/**
 * Speaks as a native service does, in the test's own process, and makes a picture of everything when
 * the test tells it to: version 0 answers a submission with the result, version 1 accepts a task
 * and then says what `tell` is given.
 */
export class ScriptedService {
  /** Every request as `METHOD /path`, without preflights. */
  requests = [];
  /** The bodies of the submissions. */
  submissions = [];
  /** The `Authorization` header of each submission. */
  authorizations = [];
  /** The output of every task; without one, its address is not found. */
  picture = plainPng(64, 48, [200, 120, 40]);
  #version;
  #server;
  #tasks = new Map();
  #streams = new Set();
  #events = new EventEmitter();

  static async start(test, version) {
    const service = new ScriptedService(version);
    await service.#listen();
    test.after(() => {
      service.#server.closeAllConnections();
      service.#server.close();
    });
    return service;
  }

  constructor(version) {
    this.#version = version;
  }

  get origin() {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  /** The id of the `count`th task, once it has been submitted. */
  async submitted(count = 1) {
    while (this.#tasks.size < count) await once(this.#events, "submitted");
    return [...this.#tasks.keys()][count - 1];
  }

  /** Changes a task and tells everybody who follows it. */
  tell(id, change) {
    const task = { ...this.#tasks.get(id), ...change };
    this.#tasks.set(id, task);
    for (const stream of this.#streams) {
      if (stream.ids.includes(id)) stream.send(task);
    }
  }

  complete(id) {
    this.tell(id, { status: "completed", progress: 1, result: this.#result() });
  }

  async #listen() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
  }

  async #answer(request, response) {
    const { pathname } = new URL(request.url, "http://localhost");
    if (request.method === "OPTIONS") return response.writeHead(204, CORS).end();
    this.requests.push(`${request.method} ${pathname}`);
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const [, place, id] = pathname.split("/");
    switch (`${request.method} ${place}`) {
      case "POST generate":
        return this.#submit(request, response, JSON.parse(body));
      case "GET outputs":
        if (this.picture === undefined) return json(response, 404, { error: "Not Found" });
        return response.writeHead(200, { ...CORS, "content-type": "image/png" }).end(this.picture);
      case "GET health":
        return json(response, 200, this.#health());
      case "POST events":
        return this.#follow(response, JSON.parse(body).tasks);
      case "GET tasks":
        return json(response, 200, this.#tasks.get(id));
      case "DELETE tasks":
        this.tell(id, { status: "cancelled" });
        return json(response, 200, this.#tasks.get(id));
      default:
        return json(response, 404, { error: "Not Found" });
    }
  }

  #submit(request, response, parameters) {
    this.submissions.push(parameters);
    this.authorizations.push(request.headers.authorization);
    if (this.#version === 0) return json(response, 200, this.#result());
    const id = request.headers["idempotency-key"];
    this.#tasks.set(id, { task_id: id, status: "pending" });
    this.#events.emit("submitted");
    return json(response, 202, this.#tasks.get(id));
  }

  #follow(response, ids) {
    response.writeHead(200, { ...CORS, "content-type": "text/event-stream" });
    const stream = {
      ids,
      send: (task) => response.write(`event: update\ndata: ${JSON.stringify(task)}\n\n`),
    };
    this.#streams.add(stream);
    response.on("close", () => this.#streams.delete(stream));
    for (const id of ids) stream.send(this.#tasks.get(id));
  }

  #result() {
    return {
      status: "success",
      image_id: "img_1795340369.978354",
      url: "/outputs/images/placeholder.png",
      metadata: { device: "cpu" },
    };
  }

  #health() {
    const health = { status: "healthy", service: "image-generation", device: "cpu" };
    return this.#version === 0 ? health : { ...health, protocol: "media-factory/1" };
  }
}

function json(response, status, value) {
  response.writeHead(status, { ...CORS, "content-type": "application/json" });
  response.end(JSON.stringify(value));
}
