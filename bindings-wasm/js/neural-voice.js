// `voice: "neural"` in the sandbox: importing this is enough. It says where the files are, in the
// form that bundlers know, so that only those who import it ship them; a worker loads them.

import { extras } from "./extras.js";

extras.neuralVoice = {
  module: new URL("./media_factory_neural_voice_bg.wasm", import.meta.url).href,
  model: new URL("./hibari.onnx", import.meta.url).href,
};
