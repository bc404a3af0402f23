// The package with its module as a file of its own, for those who count bytes.

import initModule from "../pkg/media_factory.js";

let started;

/** Fetches and starts the module; must have resolved before anything else is used. */
export function init(source = new URL("./media_factory_bg.wasm", import.meta.url)) {
  started ??= initModule({ module_or_path: source }).then(
    () => {},
    (error) => {
      // A download that failed may be tried again.
      started = undefined;
      throw error;
    },
  );
  return started;
}

export * from "./api.js";
