// The package as a page loads it: one minified file by esbuild, with the module inside or beside it.

import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { build } from "esbuild";
import { ROOT } from "./bare.mjs";

export const INLINED = "inlined.js";
export const ASSET = "asset.js";
export const CORE = "media_factory_bg.wasm";
export const SANDBOX = "media_factory_sandbox_worker_bg.wasm";

const DIST = path.join(ROOT, "bindings-wasm", "dist");

/** Calls `use` with a folder that holds a page and its bundles, and removes the folder after it. */
export async function withBundles(use) {
  const folder = await mkdtemp(path.join(tmpdir(), "media-factory-bench-"));
  try {
    await bundle("media-factory", path.join(folder, INLINED));
    await bundle("media-factory/asset", path.join(folder, ASSET));
    for (const name of [CORE, SANDBOX]) {
      await copyFile(path.join(DIST, name), path.join(folder, name));
    }
    await writeFile(path.join(folder, "index.html"), "<!doctype html><title>Benchmark</title>\n");
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function bundle(entry, outfile) {
  return build({
    stdin: { contents: `export * from ${JSON.stringify(entry)};`, resolveDir: ROOT },
    outfile,
    bundle: true,
    minify: true,
    format: "esm",
    charset: "utf8",
    // A user's esbuild is as quiet: it says nothing about what comes out of node_modules.
    logLevel: "error",
  });
}
