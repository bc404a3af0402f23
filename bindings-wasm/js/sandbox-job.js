import { render, wantsNeuralVoice } from "../pkg/media_factory_sandbox_worker.js";
import { encodeFilm } from "./film-encoder.js";
import { isLoaded, neuralVoice } from "./neural-voice-loader.js";

/** The share of the work that drawing is where the browser encodes what was drawn. */
const DRAWN = 0.8;

/**
 * Does one order and posts what comes of it: progress, then parts, a failure or a trap. `read`
 * gives the bytes at an address.
 */
export async function work(order, post, read) {
  try {
    const say = await voiceOf(order, post, read);
    const parts = await (isWebm(order) ? film(order, post) : rendered(order, 1, post, say));
    const moved = parts.slice(1).map((bytes) => bytes.buffer);
    post({ parts }, moved);
  } catch (error) {
    post(typeof error === "string" ? { failed: error } : { trap: error.message }, []);
  }
}

/** The neural voice, where the order asks for it and the page has imported it. */
async function voiceOf({ mediaType, parameters, extras }, post, read) {
  if (extras.neuralVoice === undefined || !wantsNeuralVoice(mediaType, parameters)) {
    return undefined;
  }
  if (!isLoaded()) {
    post({ progress: { fraction: 0, stage: "loading" } }, []);
  }
  return neuralVoice(extras.neuralVoice, read);
}

function isWebm({ mediaType, parameters }) {
  return mediaType === "video" && JSON.parse(parameters).format === "webm";
}

/** A film that the engine draws and the browser encodes. */
async function film(order, post) {
  const parameters = JSON.stringify({ ...JSON.parse(order.parameters), format: "planes" });
  const drawn = rendered({ ...order, parameters }, DRAWN, post);
  const sound = order.inputs[order.inputs.indexOf("audio_input") + 1];
  return encodeFilm(drawn, order.inputs.includes("audio_input") ? sound : undefined, (share) => {
    post({ progress: { fraction: DRAWN + (1 - DRAWN) * share, stage: "encoding" } }, []);
  });
}

/** What the engine makes; `share` is its part of the whole work. */
function rendered({ mediaType, parameters, inputs, fidelity }, share, post, say) {
  const onProgress = (fraction, stage, preview) => {
    // The bytes are a copy out of the module's memory already, which nobody else needs.
    const moved = preview === undefined ? [] : [preview[0].buffer];
    post({ progress: { fraction: fraction * share, stage, preview } }, moved);
  };
  return render(mediaType, parameters, inputs, fidelity, onProgress, say);
}
