// What becomes of a film when the browser's encoder fails, which Node has none of.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { encodeFilm } from "../../bindings-wasm/js/film-encoder.js";

const [width, height] = [16, 16];
const description = JSON.stringify({ files: [{ width, height }], rendered: { fps: 10 } });
const planes = new Uint8Array((width * height * 3) / 2);

let encoder;

beforeEach(() => {
  globalThis.VideoEncoder = class {
    static isConfigSupported = async () => ({ supported: true });
    state = "unconfigured";
    encodeQueueSize = 0;

    constructor({ error }) {
      encoder = this;
      this.error = error;
    }
    configure() {
      this.state = "configured";
    }
    encode() {}
    async flush() {}
    close() {
      assert.notEqual(this.state, "closed", "the encoder was closed twice");
      this.state = "closed";
    }
  };
  globalThis.VideoFrame = class {
    close() {}
  };
});

async function fails(reason) {
  await assert.rejects(
    encodeFilm([description, planes], undefined, () => {}),
    (failure) => {
      // A failure is the engine's JSON; anything else would count as a trap and end the worker.
      assert.equal(typeof failure, "string");
      const { kind, message } = JSON.parse(failure);
      assert.equal(kind, "internal");
      assert.equal(message, `the browser could not encode the film: ${reason}`);
      return true;
    },
  );
  assert.equal(encoder.state, "closed");
}

test("a flush that is rejected is a failure", async () => {
  globalThis.VideoEncoder.prototype.flush = () => Promise.reject(new Error("out of memory"));
  await fails("out of memory");
});

test("an encoder that breaks is closed already, and its own word counts", async () => {
  globalThis.VideoEncoder.prototype.encode = function () {
    this.close();
    this.error(new Error("the codec has crashed"));
  };
  globalThis.VideoEncoder.prototype.flush = () => Promise.reject(new Error("it is closed"));
  await fails("the codec has crashed");
});

test("a frame that cannot be made leaves no encoder open", async () => {
  globalThis.VideoFrame = class {
    constructor() {
      throw new Error("no memory for a frame");
    }
  };
  await fails("no memory for a frame");
});
