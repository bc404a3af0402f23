// Builds dist/ from js/ and the generated pkg/: one chunk with everything that entries share, so
// that a class is the same class whichever entry it came from.

import { copyFile, readFile, rm } from "node:fs/promises";
import { build } from "esbuild";

const here = (path) => new URL(path, import.meta.url).pathname;

/** The first code point that stands for a byte: what is below are control characters. */
const FIRST = 0x20;

/**
 * The module inside a string, a character for each byte: compressed as JavaScript it is as small
 * as the file itself, while base64 would hide its repetitions and cost a third more.
 */
const inlined = {
  name: "inlined-wasm",
  setup(pipeline) {
    pipeline.onLoad({ filter: /\.wasm$/ }, async ({ path }) => {
      const bytes = await readFile(path);
      const text = Array.from(bytes, (byte) => String.fromCharCode(byte + FIRST)).join("");
      return { contents: decoder(text), loader: "js" };
    });
  },
};

/**
 * wasm-bindgen lists a module once for each kind of thing that it imports from it; users' bundlers
 * would warn of the repeated keys.
 */
const glue = {
  name: "glue",
  setup(pipeline) {
    pipeline.onLoad({ filter: /\/pkg\/.*\.js$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      const known = new Set();
      const contents = text.replaceAll(/^\s+("\.\.\/js\/[^"]+"): import\d+,\n/gm, (line, key) => {
        const isRepeated = known.has(key);
        known.add(key);
        return isRepeated ? "" : line;
      });
      return { contents, loader: "js" };
    });
  },
};

function decoder(text) {
  return `
    const text = ${JSON.stringify(text)};
    const bytes = new Uint8Array(text.length);
    for (let place = 0; place < text.length; place += 1) {
      bytes[place] = text.charCodeAt(place) - ${FIRST};
    }
    export default bytes;
  `;
}

await rm(here("dist"), { recursive: true, force: true });
await build({
  entryPoints: [
    "index",
    "node",
    "asset",
    "asset.node",
    "testing",
    "testing.node",
    "sandbox-worker",
    "sandbox-worker.node",
    "neural-voice",
  ].map((entry) => here(`js/${entry}.js`)),
  outdir: here("dist"),
  bundle: true,
  splitting: true,
  chunkNames: "shared-[hash]",
  format: "esm",
  target: "es2022",
  charset: "utf8",
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  external: ["node:*"],
  plugins: [inlined, glue],
  logLevel: "warning",
});
for (const name of [
  "media_factory",
  "media_factory_sandbox_server",
  "media_factory_sandbox_worker",
  "media_factory_neural_voice",
]) {
  await copyFile(here(`pkg/${name}_bg.wasm`), here(`dist/${name}_bg.wasm`));
}
await copyFile(here("pkg/hibari.onnx"), here("dist/hibari.onnx"));
