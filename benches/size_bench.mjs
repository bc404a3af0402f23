// How many bytes the package costs a page.

import { readFile } from "node:fs/promises";
import path from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import {
  ASSET,
  CORE,
  INLINED,
  SANDBOX_ENGINE,
  SANDBOX_SERVER,
  VOICE_ENGINE,
  VOICE_MODEL,
  withBundles,
} from "./bundle.mjs";
import { write, written } from "./results.mjs";

/** What a page loads, and what it should be in kB after brotli. */
const LOADS = [
  {
    what: "core and JavaScript, module as a file (media-factory/asset)",
    files: [ASSET, CORE],
    aim: "< 100",
  },
  { what: "of that, the JavaScript", files: [ASSET] },
  { what: "of that, the core", files: [CORE] },
  { what: "core and JavaScript, module inside (media-factory)", files: [INLINED] },
  { what: "the sandbox's server, on first use", files: [SANDBOX_SERVER] },
  { what: "the sandbox's engine, on first use", files: [SANDBOX_ENGINE] },
  { what: "the neural voice's engine, where it is imported, on first use", files: [VOICE_ENGINE] },
  { what: "its model", files: [VOICE_MODEL] },
];

export async function benchSizes() {
  await withBundles(async (folder, loaded) => {
    const rows = [["kB", "raw", "gzip", "brotli", "aim"]];
    for (const { what, files, aim = "" } of LOADS) {
      const names = files.flatMap((file) => loaded[file] ?? [file]);
      const contents = await Promise.all(names.map((name) => readFile(path.join(folder, name))));
      const total = (size) => contents.reduce((sum, bytes) => sum + size(bytes), 0);
      rows.push([
        what,
        kilobytes(total((bytes) => bytes.length)),
        kilobytes(total((bytes) => gzipSync(bytes, { level: 9 }).length)),
        kilobytes(total((bytes) => brotliCompressSync(bytes).length)),
        aim,
      ]);
    }
    write("Page: size", rows, "bundled and minified by esbuild");
  });
}

function kilobytes(bytes) {
  return written(bytes / 1_000, 1);
}
