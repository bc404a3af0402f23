import { render } from "../pkg/media_factory_sandbox_worker.js";

/** Renders one order and posts what comes of it: progress, then parts, a failure or a trap. */
export function work({ mediaType, parameters, inputs }, post) {
  const onProgress = (fraction, stage) => post({ progress: { fraction, stage } });
  try {
    post({ parts: render(mediaType, parameters, inputs, onProgress) });
  } catch (error) {
    post(typeof error === "string" ? { failure: error } : { trap: error.message });
  }
}
