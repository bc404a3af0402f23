// Films in WebM: the engine draws the frames, the browser encodes them.

import { webm } from "../pkg/media_factory_sandbox_worker.js";
import { failure } from "./failure.js";

/** In the order of preference; the second is what every browser with encoders has. */
const CODECS = ["vp09.00.51.08", "vp8"];
/** Bits for a pixel of a frame: moving detail, by an encoder that looks for it. */
const BITS_PER_PIXEL = 0.2;
const SECONDS_PER_KEY_FRAME = 2;
/** Frames that may wait in the encoder; each holds its pixels. */
const MOST_WAITING = 4;
/** The colours that the engine writes: BT.601, limited range. */
const COLOR_SPACE = {
  primaries: "smpte170m",
  transfer: "smpte170m",
  matrix: "smpte170m",
  fullRange: false,
};

/**
 * Encodes what an order of the format `planes` gave. `onProgress` is told the share that is done;
 * `sound` are the bytes of the order's `audio_input`, if there are any.
 */
export async function encodeFilm([description, planes], sound, onProgress) {
  const { files, rendered } = JSON.parse(description);
  const [{ width, height }] = files;
  const { fps } = rendered;
  const settings = await supported({
    width,
    height,
    framerate: fps,
    bitrate: Math.round(Math.max(64_000, width * height * fps * BITS_PER_PIXEL)),
  });
  const frames = [];
  // The first fault is the cause; calls that meet a closed encoder only follow from it.
  let fault;
  const encoder = new VideoEncoder({
    output(chunk) {
      const data = new Uint8Array(chunk.byteLength);
      chunk.copyTo(data);
      frames.push(chunk.timestamp, chunk.type === "key", data);
    },
    error(error) {
      fault ??= error;
    },
  });
  const size = (width * height * 3) / 2;
  const count = planes.length / size;
  const keyEvery = Math.ceil(fps * SECONDS_PER_KEY_FRAME);
  try {
    encoder.configure(settings);
    for (let number = 0; number < count && fault === undefined; number += 1) {
      const frame = new VideoFrame(planes.subarray(number * size, (number + 1) * size), {
        format: "I420",
        codedWidth: width,
        codedHeight: height,
        timestamp: Math.round((number * 1_000_000) / fps),
        colorSpace: COLOR_SPACE,
      });
      encoder.encode(frame, { keyFrame: number % keyEvery === 0 });
      frame.close();
      onProgress((number + 1) / count);
      await room(encoder);
    }
    await encoder.flush();
  } catch (error) {
    fault ??= error;
  } finally {
    if (encoder.state !== "closed") {
      encoder.close();
    }
  }
  if (fault !== undefined) {
    throw failure("internal", `the browser could not encode the film: ${fault.message}`);
  }
  return webm(description, settings.codec, frames, sound);
}

async function supported(settings) {
  for (const codec of CODECS) {
    const asked = { ...settings, codec };
    if ((await VideoEncoder.isConfigSupported(asked)).supported) {
      return asked;
    }
  }
  const { width, height } = settings;
  throw failure(
    "unsupported",
    `this browser encodes no webm film of ${width}x${height}; ask for format "mp4"`,
  );
}

async function room(encoder) {
  while (encoder.encodeQueueSize > MOST_WAITING) {
    await new Promise((resolve) => encoder.addEventListener("dequeue", resolve, { once: true }));
  }
}
