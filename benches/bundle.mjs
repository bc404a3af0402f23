// The package as a page loads it: minified by esbuild, with the module inside or beside it.

import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { build } from "esbuild";
import { ROOT } from "./bare.mjs";

export const INLINED = "inlined.js";
export const ASSET = "asset.js";
export const CORE = "media_factory_bg.wasm";
export const SANDBOX_SERVER = "media_factory_sandbox_server_bg.wasm";
export const SANDBOX_ENGINE = "media_factory_sandbox_worker_bg.wasm";
export const VOICE_ENGINE = "media_factory_neural_voice_bg.wasm";
export const VOICE_MODEL = "hibari.onnx";

const DIST = path.join(ROOT, "bindings-wasm", "dist");

/**
 * Calls `use` with a folder that holds a page and its bundles, and with the files that each of
 * these loads at once; removes the folder after it.
 */
export async function withBundles(use) {
  const folder = await mkdtemp(path.join(tmpdir(), "media-factory-bench-"));
  try {
    const loaded = {
      [INLINED]: await bundle("media-factory", folder, INLINED),
      [ASSET]: await bundle("media-factory/asset", folder, ASSET),
    };
    for (const name of [CORE, SANDBOX_SERVER, SANDBOX_ENGINE, VOICE_ENGINE, VOICE_MODEL]) {
      await copyFile(path.join(DIST, name), path.join(folder, name));
    }
    await writeFile(path.join(folder, "index.html"), "<!doctype html><title>Benchmark</title>\n");
    return await use(folder, loaded);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Gives the files that the entry loads at once; others come when they are first used. */
async function bundle(entry, folder, name) {
  const { metafile } = await build({
    stdin: { contents: `export * from ${JSON.stringify(entry)};`, resolveDir: ROOT },
    outdir: folder,
    entryNames: path.parse(name).name,
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    charset: "utf8",
    metafile: true,
    // A user's esbuild is as quiet: it says nothing about what comes out of node_modules.
    logLevel: "error",
  });
  const imports = new Map(
    Object.entries(metafile.outputs).map(([file, output]) => [
      path.basename(file),
      output.imports.filter(({ kind }) => kind === "import-statement"),
    ]),
  );
  const files = new Set([name]);
  for (const file of files) {
    for (const { path: imported } of imports.get(file)) {
      files.add(path.basename(imported));
    }
  }
  return [...files];
}
