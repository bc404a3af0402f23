// The packed npm package works in an empty folder: in Node, bundled by Vite and by esbuild.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../", import.meta.url));
const tarball = process.env.MEDIA_FACTORY_TARBALL;
const folder = await mkdtemp(join(tmpdir(), "media-factory-"));

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

before(async () => {
  await writeFile(
    join(folder, "package.json"),
    JSON.stringify({ name: "empty", private: true, type: "module" }),
  );
  await run("npm", ["install", "--no-audit", "--no-fund", "--offline", tarball], { cwd: folder });
  await writeFile(join(folder, "job.mjs"), job);
  await writeFile(
    join(folder, "index.html"),
    '<!doctype html><script type="module" src="/job.mjs"></script>',
  );
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
  for (const kept of ["| flite-rs |", "Carnegie Mellon", "Independent JPEG Group"]) {
    assert.ok(notices.includes(kept), kept);
  }
});

test("Node imports it and makes a picture", async () => {
  const { stdout } = await run(process.execPath, ["job.mjs"], { cwd: folder, timeout: 120_000 });
  assert.match(stdout, /^made \d+/);
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
  await mkdir(join(folder, "vite"), { recursive: true });
  const vite = join(root, "node_modules", ".bin", "vite");
  await run(vite, ["build", "--outDir", "vite", "--logLevel", "error"], {
    cwd: folder,
    timeout: 120_000,
  });
  const assets = await readdir(join(folder, "vite", "assets"));
  assert.ok(
    assets.some((name) => name.endsWith(".wasm")),
    `no wasm among ${assets}`,
  );
});

test("nothing of the build machine is inside", async () => {
  const dist = join(folder, "node_modules", "media-factory", "dist");
  const folders = [root, join(homedir(), ".cargo")];
  for (const name of await readdir(dist)) {
    const content = (await readFile(join(dist, name))).toString("latin1");
    for (const path of folders) assert.ok(!content.includes(path), `${name} names ${path}`);
  }
});
