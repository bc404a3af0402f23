import { makeError } from "./errors.js";
import { INSPECT } from "./inspect.js";
import { optionsOf } from "./options.js";
import { platform, unlessTrapped } from "./platform.js";

/** One produced file; its bytes are fetched when first asked for. */
export class MediaOutput {
  #core;
  #facts;

  constructor(core) {
    this.#core = core;
    this.#facts = core.facts();
  }

  get mimeType() {
    return this.#facts.mime_type;
  }

  get role() {
    return this.#facts.role;
  }

  get width() {
    return this.#facts.width;
  }

  get height() {
    return this.#facts.height;
  }

  get duration() {
    return this.#facts.duration;
  }

  get seed() {
    return this.#facts.seed;
  }

  get url() {
    return this.#facts.url;
  }

  get size() {
    return this.#facts.size ?? this.bytes?.byteLength;
  }

  get extension() {
    return this.#core.extension();
  }

  get bytes() {
    return this.#core.inMemory();
  }

  async arrayBuffer() {
    const bytes = await unlessTrapped(this.#core.read());
    return bytes.buffer;
  }

  async blob() {
    return new Blob([await this.arrayBuffer()], { type: this.mimeType });
  }

  stream() {
    const read = () => this.arrayBuffer();
    return new ReadableStream({
      type: "bytes",
      async pull(controller) {
        const bytes = new Uint8Array(await read());
        if (bytes.byteLength > 0) {
          controller.enqueue(bytes);
        }
        controller.close();
        controller.byobRequest?.respond(0);
      },
    });
  }

  async objectURL() {
    return URL.createObjectURL(await this.blob());
  }

  async save(path, options) {
    const { overwrite = false } = optionsOf(options, { overwrite: "boolean" });
    const { save } = platform();
    if (!save) {
      throw makeError({
        code: "unsupported",
        message: "an output is saved to a path in Node only",
        hint: "in a page, give a link with output.objectURL() and a download attribute",
      });
    }
    const bytes = new Uint8Array(await this.arrayBuffer());
    return save(path, bytes, this.extension, overwrite);
  }

  toJSON() {
    return { ...this.#facts };
  }

  /** Without the URL, which may be a signed one. */
  [INSPECT]() {
    const { mime_type: mimeType, width, height, duration } = this.#facts;
    const sides = width && height ? `, ${width}x${height}` : "";
    const length = duration ? `, ${duration} s` : "";
    return `MediaOutput(${mimeType}${sides}${length})`;
  }
}
