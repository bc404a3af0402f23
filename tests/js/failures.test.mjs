// What goes wrong is said clearly, and harms nobody else.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import net from "node:net";
import { test } from "node:test";
import { inspect } from "node:util";
import * as mediaFactory from "media-factory";
import { finished, json, PNG, pictures, serve } from "./service.mjs";

const {
  ConfigError,
  ImageWorkflow,
  MediaFactoryError,
  MediaFactoryRegistry,
  ValidationError,
  VideoWorkflow,
} = mediaFactory;
const quick = { retry: { max_attempts: 2, base_delay: 0.001 } };

async function failure(config, parameters = { prompt: "A fox" }) {
  const task = new ImageWorkflow({ ...quick, ...config }).process(parameters);
  const error = await task.wait().catch((error) => error);
  assert.ok(error instanceof mediaFactory.TaskFailed);
  assert.equal(error.task, task);
  assert.equal(error.cause.code, error.code);
  assert.equal(task.error.code, error.code);
  return error.cause;
}

test("every code has the class of the table", async () => {
  const table = new URL("../conformance/errors/codes.json", import.meta.url);
  const { codes } = JSON.parse(await readFile(table));
  const byCode = new Map(codes.map((row) => [row.code, row]));
  for (const [name, type] of Object.entries(mediaFactory)) {
    const isError = type === MediaFactoryError || type.prototype instanceof MediaFactoryError;
    if (isError && name !== "TaskFailed") {
      assert.equal(byCode.get(type.code)?.class, name, type.code);
      assert.equal(new type("x").name, name);
    }
  }
  for (const row of codes) {
    assert.ok(row.class in mediaFactory, row.class);
  }
});

test("wrong parameters are listed, and nothing is sent", () => {
  const workflow = new ImageWorkflow();
  const cycle = {};
  cycle.self = cycle;
  const wrong = [
    [{}, "required", "prompt"],
    [undefined, "required", "prompt"],
    [{ prompt: "  " }, "empty", "prompt"],
    [{ prompt: "x".repeat(32_001) }, "too_long", "prompt"],
    [{ prompt: "half \ud83d of a pair" }, "format", "prompt"],
    [{ prompt: 7 }, "type", "prompt"],
    [{ prompt: new String("boxed") }, "type", "prompt"],
    [{ prompt: () => "x" }, "type", "prompt"],
    [{ prompt: Symbol("x") }, "type", "prompt"],
    [{ prompt: "x", promt: "y" }, "unknown", "promt"],
    [{ prompt: "x", seed: Number.NaN }, "range", "seed"],
    [{ prompt: "x", seed: -1 }, "range", "seed"],
    [{ prompt: "x", seed: 1.5 }, "type", "seed"],
    [{ prompt: "x", seed: 2n ** 70n }, "range", "seed"],
    [{ prompt: "x", hdr: 1 }, "type", "hdr"],
    [{ prompt: "x", hdr: new Date() }, "type", "hdr"],
    [{ prompt: "x", count: 17 }, "range", "count"],
    [{ prompt: "x", resolution: "0x0" }, "format", "resolution"],
    [{ prompt: "x", resolution: "9999999x1" }, "format", "resolution"],
    [{ prompt: "x", image: "file:///etc/passwd" }, "format", "image"],
    [{ prompt: "x", image: "javascript:alert(1)" }, "format", "image"],
    [{ prompt: "x", image: "relative.png" }, "format", "image"],
    [{ prompt: "x", image: new ArrayBuffer(0) }, "empty", "image"],
    [{ prompt: "x", image: new Blob([]) }, "empty", "image"],
    [{ prompt: "x", extra: { deep: cycle } }, "type", "extra.deep.self"],
    [["a list"], "type", ""],
    ["text", "type", ""],
  ];
  for (const [parameters, code, path] of wrong) {
    assert.throws(
      () => workflow.process(parameters),
      (error) => {
        assert.ok(error instanceof ValidationError, String(error));
        const shown = JSON.stringify(error.issues);
        assert.ok(
          error.issues.some((issue) => issue.code === code && issue.path.startsWith(path)),
          `${code} ${path} in ${shown}`,
        );
        return true;
      },
    );
    assert.deepEqual(workflow.check(parameters).length > 0, true);
    assert.equal(workflow.validateParameters(parameters), false);
  }
  assert.deepEqual(workflow.listTasks(), []);
});

test("what only looks strange is accepted", () => {
  const workflow = new ImageWorkflow({ base_url: "https://example.org/app/" });
  const plain = Object.assign(Object.create(null), { prompt: "x", seed: 9n, style: undefined });
  assert.deepEqual(workflow.check(plain), []);
  const shared = { a: 1 };
  assert.deepEqual(
    workflow.check({ prompt: "\ufffd 🦊", extra: { one: shared, two: shared } }),
    [],
  );
  for (const image of [PNG, new Uint16Array(4), new DataView(new ArrayBuffer(3)), "fox.png"]) {
    assert.deepEqual(workflow.check({ prompt: "x", image }), []);
  }
});

test("one picture is a list of one, and what is no picture is refused", () => {
  const workflow = new VideoWorkflow({ service_endpoint: "http://127.0.0.1:1" });
  for (const picture of ["https://example.org/a.png", PNG, PNG.buffer, new Blob([PNG])]) {
    const [one, several] = [picture, [picture, picture]].map((images) => {
      const task = workflow.createFromImages(images);
      task.cancel();
      return task.parameters.images;
    });
    assert.deepEqual(several, [...one, ...one]);
    assert.equal(one.length, 1);
  }
  const started = workflow.listTasks().length;
  for (const wrong of [5, undefined, null, {}, true, []]) {
    assert.throws(
      () => workflow.createFromImages(wrong),
      (error) => error instanceof ValidationError && error.issues[0].path.startsWith("images"),
    );
  }
  assert.equal(workflow.listTasks().length, started);
});

test("arguments that are none are refused at the call", () => {
  const config = { service_endpoint: "http://127.0.0.1:1" };
  const workflow = new ImageWorkflow(config);
  for (const timeout of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(
      () => workflow.process({ prompt: "A fox" }, { timeout }),
      (error) => error instanceof ValidationError && error.issues[0].path === "timeout",
    );
  }
  assert.deepEqual(workflow.listTasks(), []);
  const task = workflow.createTask({ prompt: "A fox" });
  for (const callback of [5, undefined, null, {}]) {
    assert.throws(
      () => task.onUpdate(callback),
      (error) => error instanceof ValidationError && error.issues[0].path === "onUpdate",
    );
  }
  const message = /an output needs bytes/;
  for (const outputs of [null, 5, "text", {}, PNG, [null], ["text"], [{}]]) {
    assert.throws(() => task.complete({ outputs }), { code: "validation", message });
  }
  assert.equal(task.status, "pending");
  const isConfigError = (error) => error instanceof ConfigError && error.issues.length > 0;
  for (const none of [null, [], "text", 5, new Map(), { image: [] }]) {
    assert.throws(() => new MediaFactoryRegistry().configure(none), isConfigError);
  }
  for (const none of [[], "text", 5, new Map()]) {
    assert.throws(() => new ImageWorkflow(none), isConfigError);
    assert.throws(() => new MediaFactoryRegistry().getWorkflow("image", none), isConfigError);
  }
  assert.ok(new ImageWorkflow(null));
});

test("a signal that has fired throws its reason, and there is no task", () => {
  const workflow = new ImageWorkflow({ service_endpoint: "http://127.0.0.1:1" });
  const begin = (signal) => workflow.process({ prompt: "A fox" }, { signal });
  assert.throws(() => begin(AbortSignal.abort()), { name: "AbortError" });
  const reason = new Error("the page was left");
  assert.throws(() => begin(AbortSignal.abort(reason)), reason);
  assert.deepEqual(workflow.listTasks(), []);
});

test("hostile objects end in an error", () => {
  const workflow = new ImageWorkflow();
  const explosive = { prompt: "x" };
  Object.defineProperty(explosive, "seed", {
    enumerable: true,
    get() {
      throw new Error("boom");
    },
  });
  let tree = ["leaf"];
  for (let depth = 0; depth < 60; depth += 1) {
    tree = [tree, tree];
  }
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  for (const parameters of [
    explosive,
    { prompt: "x", extra: { tree } },
    { prompt: "x", image: proxy },
  ]) {
    assert.throws(() => workflow.process(parameters), { code: "validation" });
  }
});

test("a long prompt is refused at once", () => {
  const prompt = "x".repeat(100_000_000);
  assert.throws(
    () => new ImageWorkflow().process({ prompt }),
    (error) => {
      assert.equal(error.issues[0].code, "too_long");
      assert.ok(JSON.stringify(error).length < 1_000);
      return true;
    },
  );
});

test("a wrong configuration lists every problem", () => {
  const wrong = { service_endpoint: "file:///etc", timeot: 3, retry: { max_attempts: 0 } };
  assert.throws(
    () => new ImageWorkflow(wrong),
    (error) => {
      assert.ok(error instanceof ConfigError);
      assert.deepEqual(error.issues.map((issue) => issue.path).sort(), [
        "retry.max_attempts",
        "service_endpoint",
        "timeot",
      ]);
      return true;
    },
  );
  assert.throws(() => new ImageWorkflow("text"), { code: "config" });
  assert.throws(() => new ImageWorkflow({ fetch: "text" }), { code: "config" });
  assert.throws(
    () => MediaFactoryRegistry.getWorkflow("imag"),
    (error) => {
      assert.equal(error.issues[0].suggestion, "image");
      return true;
    },
  );
});

test("unknown options are refused", () => {
  const workflow = new ImageWorkflow();
  for (const options of [{ priority: 1 }, { timeout: "1" }, { timeout: -1 }, { onUpdate: 1 }, 7]) {
    assert.throws(() => workflow.process({ prompt: "x" }, options), { code: "validation" });
  }
  assert.deepEqual(workflow.listTasks(), []);
});

test("a service that is not there", async () => {
  const error = await failure({ service_endpoint: "http://127.0.0.1:1" });
  assert.equal(error.code, "connection");
  assert.equal(error.attempts, 2, "a refused connection was certainly not a submission");
  assert.match(error.message, /127\.0\.0\.1:1/);
  assert.ok(error.hint);
});

test("a submission that broke off is not repeated when it may have been paid for", async (context) => {
  const { url, asked } = await serve(context, (request, response) => {
    if (request.url === "/health") {
      json(response, 200, { status: "healthy" });
    } else {
      response.destroy();
    }
  });
  const error = await failure({ service_endpoint: url });
  assert.equal(error.code, "ambiguous-submit");
  assert.deepEqual(asked(), ["POST /generate", "GET /health"]);
});

test("a busy service is asked again", async (context) => {
  let busy = 2;
  const { url, asked } = await serve(context, (_, response) => {
    busy -= 1;
    if (busy >= 0) {
      json(response, 429, { error: "busy" }, { "retry-after": "0" });
    } else {
      finished(response);
    }
  });
  const retries = [];
  const onUpdate = (event) => event.kind === "retry" && retries.push(event.reason);
  const workflow = new ImageWorkflow({ service_endpoint: url, ...quick });
  await workflow.process({ prompt: "A fox" }, { onUpdate }).wait();
  assert.equal(asked().length, 3);
  assert.deepEqual(retries, ["rate-limited", "rate-limited"]);
});

test("answers that are none", async (context) => {
  const answers = {
    "/html": (response) => {
      response.setHeader("content-type", "text/html");
      response.end("<html>It works!</html>");
    },
    "/latin": (response) => response.end(Buffer.from([0x7b, 0xff, 0xfe, 0x7d])),
    "/deep": (response) => response.end("[".repeat(100_000)),
    "/empty": (response) => response.end(),
    "/cut": (response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": 100 });
      response.write('{"status":');
      setTimeout(() => response.destroy(), 5);
    },
    "/chunked-cut": (response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.write('{"status": "success"}');
      setTimeout(() => response.destroy(), 5);
    },
  };
  const { url } = await serve(context, (request, response) => {
    const [, folder, path] = request.url.split("/");
    if (path === "health") {
      json(response, 200, { status: "healthy" });
    } else {
      answers[`/${folder}`](response);
    }
  });
  for (const [path, code] of Object.entries({
    "/html": "protocol",
    "/latin": "protocol",
    "/deep": "protocol",
    "/empty": "protocol",
    "/cut": "ambiguous-submit",
    "/chunked-cut": "ambiguous-submit",
  })) {
    const error = await failure({ service_endpoint: `${url}${path}` });
    assert.equal(error.code, code, path);
  }
});

test("a failing download is the output's error, and may be repeated", async (context) => {
  let isBroken = true;
  const { url } = await serve(context, (request, response) => {
    if (request.url.startsWith("/outputs/") && isBroken) {
      json(response, 404, { error: "not yet" });
    } else {
      pictures(request, response);
    }
  });
  const task = new ImageWorkflow({ service_endpoint: url, ...quick }).process({ prompt: "A fox" });
  await task.wait();
  await assert.rejects(task.outputs[0].arrayBuffer(), { code: "output", status: 404 });
  assert.equal(task.status, "completed");
  isBroken = false;
  assert.deepEqual(Buffer.from(await task.outputs[0].arrayBuffer()), PNG);
});

test("an output over its limit", async (context) => {
  const { url } = await serve(context, pictures);
  const workflow = new ImageWorkflow({ service_endpoint: url, max_output_bytes: 10 });
  const task = workflow.process({ prompt: "A fox" });
  await task.wait();
  await assert.rejects(task.outputs[0].blob(), { name: "TooLarge" });
});

test("inputs are read, and what is no picture fails the task", async (context) => {
  const { url, requests } = await serve(context, (request, response) => {
    if (request.url === "/health") {
      const capabilities = { async: true, events: true, uploads: true };
      json(response, 200, { status: "healthy", protocol: "media-factory/1", capabilities });
    } else {
      finished(response);
    }
  });
  const workflow = new ImageWorkflow({ service_endpoint: url });
  const image = new File([PNG], "fox.png");
  await workflow.process({ prompt: "A fox", image, strength: 0.5 }).wait();
  const sent = requests.find((request) => request.url === "/generate").json.image;
  assert.equal(sent, `data:image/png;base64,${PNG.toString("base64")}`);

  const text = new Blob(["just text"]);
  const error = await failure({ service_endpoint: url }, { prompt: "A fox", image: text });
  assert.equal(error.code, "validation");
  assert.equal(error.issues[0].path, "image");
});

test("redirects are followed on the same origin, without credentials only", async (context) => {
  const elsewhere = await serve(context, pictures);
  const { url, asked } = await serve(context, (request, response) => {
    const [to] = { "/outputs/a.png": ["/moved/a.png"], "/moved/a.png": [] }[request.url] ?? [];
    if (to) {
      response.writeHead(302, { location: isForeign ? `${elsewhere.url}/outputs/a.png` : to });
      response.end();
    } else if (request.url === "/moved/a.png") {
      response.setHeader("content-type", "image/png");
      response.end(PNG);
    } else {
      finished(response);
    }
  });
  let isForeign = false;
  const read = async (config) => {
    const workflow = new ImageWorkflow({ service_endpoint: url, ...quick, ...config });
    const task = workflow.process({ prompt: "A fox" });
    await task.wait();
    return task.outputs[0].arrayBuffer();
  };
  assert.deepEqual(Buffer.from(await read({})), PNG);
  await assert.rejects(read({ api_key: "secret" }), { code: "output" });
  isForeign = true;
  await assert.rejects(read({}), { code: "output" });
  assert.ok(asked().includes("GET /moved/a.png"));
  assert.deepEqual(elsewhere.asked(), []);
});

test("a key is sent, and never shown", async (context) => {
  const { url, requests } = await serve(context, (_, response) => {
    json(response, 401, { error: "who are you?" });
  });
  const error = await failure({ service_endpoint: url, api_key: "sk-very-secret" });
  assert.equal(error.name, "AuthenticationFailed");
  assert.equal(requests[0].headers.authorization, "Bearer sk-very-secret");
  assert.doesNotMatch(`${error} ${JSON.stringify(error)} ${error.stack}`, /very-secret/);
});

test("a connection that the service closed while it was idle is not used again", async (context) => {
  const sockets = new Set();
  const body = '{"status":"success","image_id":"1","url":"/outputs/a.png"}';
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("data", () => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
      socket.end();
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  context.after(() => server.close());
  const url = `http://127.0.0.1:${server.address().port}`;
  const workflow = new ImageWorkflow({ service_endpoint: url });
  for (const prompt of ["A fox", "A hare", "An owl"]) {
    await workflow.process({ prompt }).wait();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.equal(sockets.size, 3);
});

test("an error that nobody catches is printed with its hint, which the message leaves out", () => {
  const error = new ConfigError("no such protocol", { hint: "choose another" });
  assert.equal(error.message, "no such protocol");
  assert.equal(String(error), "ConfigError [config]: no such protocol (choose another)");
  assert.equal(error.stack.split("\n")[0], "ConfigError: no such protocol (choose another)");
  assert.match(inspect(error), /^ConfigError: no such protocol \(choose another\)\n/);
  assert.equal(Object.keys(error).includes("message"), false);
  const plain = new ConfigError("no such protocol");
  assert.equal(plain.stack.split("\n")[0], "ConfigError: no such protocol");
});
