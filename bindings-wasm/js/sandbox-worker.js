// The sandbox's engine in a Web Worker.

import init from "../pkg/media_factory_sandbox_worker.js";
import { work } from "./sandbox-job.js";

const started = init({
  module_or_path: new URL("./media_factory_sandbox_worker_bg.wasm", import.meta.url),
});

self.onmessage = async (event) => {
  let memory;
  try {
    ({ memory } = await started);
  } catch (error) {
    self.postMessage({ trap: `its module could not be loaded: ${error.message}` });
    return;
  }
  const post = (message, moved) =>
    self.postMessage({ ...message, memory: memory.buffer.byteLength }, moved);
  work(event.data, post, read);
};

async function read(address) {
  const response = await fetch(address);
  if (!response.ok) {
    throw new Error(`status ${response.status}`);
  }
  return new Uint8Array(await response.arrayBuffer());
}
