// The packed npm package works in an empty folder: in Node, bundled by Vite and by esbuild.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { temporaryFolder } from "../temporary-folder.mjs";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../", import.meta.url));
const tarball = process.env.MEDIA_FACTORY_TARBALL;
const folder = await temporaryFolder({ after });

const job = `
import { ImageWorkflow, MediaFactoryRegistry, MediaType } from "media-factory";
MediaFactoryRegistry.configure({ protocol: "sandbox" });
const images = MediaFactoryRegistry.getWorkflow(MediaType.IMAGE);
const task = images.process({ prompt: "A lake in the mountains", resolution: "64x64" });
const [lake] = (await task.wait({ timeout: 60 })).outputs;
const bytes = new Uint8Array(await lake.arrayBuffer());
if (bytes[1] !== 0x50 || lake.width !== 64) throw new Error("no picture");
if (!(images instanceof ImageWorkflow)) throw new Error("another class");
console.log("made", bytes.length);
`;

const speech = `
import { VoiceWorkflow } from "media-factory";
import "media-factory/neural-voice";
const voices = new VoiceWorkflow({ protocol: "sandbox" });
const task = await voices.textToSpeech("Good morning.", { voice: "neural" }).wait({ timeout: 60 });
if (!(task.outputs[0].duration > 0.5)) throw new Error("no speech");
console.log("said", task.outputs[0].size);
`;

before(async () => {
  await writeFile(
    join(folder, "package.json"),
    JSON.stringify({ name: "empty", private: true, type: "module" }),
  );
  await run("npm", ["install", "--no-audit", "--no-fund", "--offline", tarball], { cwd: folder });
  for (const [name, code] of Object.entries({ job, speech })) {
    await writeFile(join(folder, `${name}.mjs`), code);
    const page = `<!doctype html><script type="module" src="/${name}.mjs"></script>`;
    await writeFile(join(folder, `${name}.html`), page);
  }
});

test("installing brings nothing else", async () => {
  const installed = (await readdir(join(folder, "node_modules"))).filter(
    (name) => !name.startsWith("."),
  );
  assert.deepEqual(installed, ["media-factory"]);
});

test("it carries its readme, its licences and the notices of what is inside", async () => {
  const inside = join(folder, "node_modules", "media-factory");
  for (const name of ["README.md", "LICENSE-APACHE", "LICENSE-MIT", "THIRD-PARTY-NOTICES.md"]) {
    const text = await readFile(join(inside, name), "utf8");
    assert.equal(text, await readFile(join(root, name), "utf8"), name);
  }
  const notices = await readFile(join(inside, "THIRD-PARTY-NOTICES.md"), "utf8");
  for (const kept of ["| flite-rs |", "Carnegie Mellon", "Independent JPEG Group", "hibari-tts"]) {
    assert.ok(notices.includes(kept), kept);
  }
});

test("Node imports it and makes a picture", async () => {
  const { stdout } = await run(process.execPath, ["job.mjs"], { cwd: folder, timeout: 120_000 });
  assert.match(stdout, /^made \d+/);
});

test("Node imports the neural voice and speaks with it", async () => {
  const { stdout } = await run(process.execPath, ["speech.mjs"], { cwd: folder, timeout: 120_000 });
  assert.match(stdout, /^said \d+/);
});

test("the asset entry starts from a file", async () => {
  const code = `import { init, MediaFactoryRegistry } from "media-factory/asset";
    await init();
    console.log(MediaFactoryRegistry.listAvailableWorkflows().join());`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", code], {
    cwd: folder,
  });
  assert.equal(stdout.trim(), "image,video,voice");
});

test("the testing entry drives a scripted registry", async () => {
  await writeFile(
    join(folder, "scripted.mjs"),
    `import { TestBench } from "media-factory/testing";
     const json = { status: "success", image_id: "img_1", url: "/a.png" };
     const bench = new TestBench({ exchanges: [{ reply: { json } }] });
     const task = bench.registry.getWorkflow("image").process({ prompt: "A lake" });
     await bench.until(task.wait());
     console.log(task.status);`,
  );
  const { stdout } = await run(process.execPath, ["scripted.mjs"], { cwd: folder });
  assert.equal(stdout.trim(), "completed");
});

test("esbuild bundles it", async () => {
  const esbuild = join(root, "node_modules", ".bin", "esbuild");
  const words = [
    "job.mjs",
    "--bundle",
    "--format=esm",
    "--outdir=esbuild",
    "--platform=browser",
    "--log-level=error",
  ];
  await run(esbuild, words, { cwd: folder });
  assert.match(await readFile(join(folder, "esbuild", "job.js"), "utf8"), /getWorkflow/);
});

test("Vite bundles it, with the sandbox as files of its own", async () => {
  const assets = await builtByVite("job");
  assert.match(assets, /\bmedia_factory_sandbox_worker_bg-[^ ]*\.wasm\b/);
  assert.doesNotMatch(assets, /neural|hibari/);
});

test("Vite adds the neural voice for a page that imports it", async () => {
  const assets = await builtByVite("speech");
  assert.match(assets, /\bmedia_factory_neural_voice_bg-[^ ]*\.wasm\b/);
  assert.match(assets, /\bhibari-[^ ]*\.onnx\b/);
});

/** The names of the files that Vite makes for one of the pages. */
async function builtByVite(page) {
  const config = `export default { build: { rollupOptions: { input: "${page}.html" } } };`;
  await writeFile(join(folder, "vite.config.mjs"), config);
  const vite = join(root, "node_modules", ".bin", "vite");
  await run(vite, ["build", "--outDir", page, "--logLevel", "error"], {
    cwd: folder,
    timeout: 120_000,
  });
  return (await readdir(join(folder, page, "assets"))).join(" ");
}

test("nothing of the build machine is inside", async () => {
  const dist = join(folder, "node_modules", "media-factory", "dist");
  const folders = [root, join(homedir(), ".cargo")];
  for (const name of await readdir(dist)) {
    const content = (await readFile(join(dist, name))).toString("latin1");
    for (const path of folders) assert.ok(!content.includes(path), `${name} names ${path}`);
  }
});
