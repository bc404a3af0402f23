import { render } from "../pkg/media_factory_sandbox_worker.js";

/** Renders one order and posts what comes of it: progress, then parts, a failure or a trap. */
export function work({ mediaType, parameters, inputs, fidelity }, post) {
  const onProgress = (fraction, stage, preview) => {
    // The bytes are a copy out of the module's memory already, which nobody else needs.
    const moved = preview === undefined ? [] : [preview[0].buffer];
    post({ progress: { fraction, stage, preview } }, moved);
  };
  try {
    const parts = render(mediaType, parameters, inputs, fidelity, onProgress);
    const moved = parts.slice(1).map((bytes) => bytes.buffer);
    post({ parts }, moved);
  } catch (error) {
    post(typeof error === "string" ? { failure: error } : { trap: error.message }, []);
  }
}
