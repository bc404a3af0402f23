// The same in Node, where fetch reads no files.

import { readFile } from "node:fs/promises";
import { init as start } from "./asset.js";
import "./node-platform.js";

/** Reads and starts the module; must have resolved before anything else is used. */
export function init(source = readFile(new URL("./media_factory_bg.wasm", import.meta.url))) {
  return start(source);
}

export * from "./api.js";
