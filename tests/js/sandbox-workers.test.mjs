// The workers that the sandbox renders in: how they end, and what that does to others.

import assert from "node:assert/strict";
import { once } from "node:events";
import { beforeEach, test } from "node:test";
import { Worker } from "node:worker_threads";
import { MediaFactoryRegistry } from "media-factory";
import { plainPng } from "../browser/picture.mjs";

const registry = new MediaFactoryRegistry({ protocol: "sandbox" });
const images = registry.getWorkflow("image");
const small = { prompt: "A fox", resolution: "32x32" };
/** What no machine draws within the patience of these tests. */
const endless = { prompt: "A lake", resolution: "1280x720", duration: 300, fps: 60 };

/** Every worker that was given an order, with that order's parameters, since the test began. */
let orders = [];
/** What a test makes of an order on its way to the worker. */
let altered = (order) => order;

const post = Worker.prototype.postMessage;
Worker.prototype.postMessage = function (order, ...others) {
  orders.push({ worker: this, parameters: JSON.parse(order.parameters) });
  return post.call(this, altered(order), ...others);
};

beforeEach(() => {
  orders = [];
  altered = (order) => order;
});

function workerOf(prompt) {
  return orders.find(({ parameters }) => parameters.prompt === prompt).worker;
}

test("a worker that is done takes the next order", async () => {
  await images.process(small).wait();
  await images.process(small).wait();
  assert.equal(orders[0].worker, orders[1].worker);
});

test("a cancelled render ends its worker at once", { timeout: 120_000 }, async () => {
  const films = registry.getWorkflow("video", { sandbox: { fidelity: "full" } });
  const film = films.process(endless);
  let ended;
  for await (const event of film.events()) {
    if (event.kind === "progress" && ended === undefined) {
      ended = once(workerOf(endless.prompt), "exit");
      film.cancel();
    }
  }
  assert.equal(film.status, "cancelled");
  await ended;
  await images.process(small).wait();
});

test("a trap fails its task only, and a new worker follows", { timeout: 120_000 }, async () => {
  // The generated glue throws over a medium that is no text, inside the worker's call of the engine.
  altered = (order) =>
    JSON.parse(order.parameters).prompt === "trap" ? { ...order, mediaType: null } : order;
  const beside = images.process({ prompt: "beside", resolution: "256x256" });
  const trap = images.process({ ...small, prompt: "trap" });
  const after = images.process({ ...small, prompt: "after" });
  await assert.rejects(trap.wait(), (error) => {
    assert.equal(error.code, "internal");
    assert.match(error.message, /the sandbox's engine failed/);
    return true;
  });
  await beside.wait();
  await after.wait();
  const again = images.process({ ...small, prompt: "again" });
  await again.wait();
  for (const prompt of ["beside", "after", "again"]) {
    assert.notEqual(workerOf(prompt), workerOf("trap"));
  }
});

test("a worker that ends by itself fails its task only", { timeout: 120_000 }, async () => {
  const films = registry.getWorkflow("video", { sandbox: { fidelity: "full" } });
  const film = films.process(endless);
  for await (const event of film.events()) {
    if (event.kind === "progress") {
      await workerOf(endless.prompt).terminate();
    }
  }
  assert.equal(film.status, "failed");
  assert.match(film.error.message, /the sandbox's worker failed/);
  await images.process(small).wait();
  assert.notEqual(workerOf(small.prompt), workerOf(endless.prompt));
});

test("a worker whose memory has grown large is not kept", { timeout: 120_000 }, async () => {
  const parameters = { prompt: "large", duration: 0.5, fps: 2, resolution: "32x32" };
  const picture = plainPng(7000, 7000, [90, 120, 150]);
  const ended = new Promise((resolve) => {
    altered = (order) => {
      workerOf("large").once("exit", resolve);
      return order;
    };
  });
  await registry.getWorkflow("video").createFromImages([picture], parameters).wait();
  await ended;
  await images.process(small).wait();
  assert.notEqual(workerOf(small.prompt), workerOf("large"));
});
