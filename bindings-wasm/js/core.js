import { initSync } from "../pkg/media_factory.js";
import module from "../pkg/media_factory_bg.wasm";

// Synchronously: whoever imports the package may use it in the next line.
initSync({ module });
