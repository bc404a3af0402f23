// The package as it is shipped: names, types, entries.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { promisify } from "node:util";
import * as index from "media-factory";
import { MediaFactory, MediaFactoryRegistry, MediaOutput, MediaTask } from "media-factory";
import * as asset from "media-factory/asset";
import * as neuralVoice from "media-factory/neural-voice";
import * as testing from "media-factory/testing";

const run = promisify(execFile);
const home = new URL("../../bindings-wasm/", import.meta.url);

async function declared(entry) {
  const text = await readFile(new URL(`types/${entry}.d.ts`, home), "utf8");
  const values = text.matchAll(/^export declare (?:abstract )?(?:class|function|const) (\w+)/gm);
  return Array.from(values, (match) => match[1]).sort();
}

async function members(name) {
  const text = await readFile(new URL("types/index.d.ts", home), "utf8");
  const start = text.search(new RegExp(`^(export )?declare class ${name}\\b`, "m"));
  const body = text.slice(start, text.indexOf("\n}", start));
  const own = /^ {2}(?:protected )?(static )?(?:async )?(?:get )?(\w+)[(<]/gm;
  return Array.from(body.matchAll(own), ([, isStatic, member]) => `${isStatic ?? ""}${member}`)
    .filter((member) => member !== "constructor" && member !== "private")
    .sort();
}

function exist(type) {
  const names = (of) => Object.getOwnPropertyNames(of).filter((name) => name !== "constructor");
  const builtIn = ["length", "name", "prototype", "code"];
  const statics = names(type).filter((name) => !builtIn.includes(name));
  return [...names(type.prototype), ...statics.map((name) => `static ${name}`)].sort();
}

test("every declared name exists, and every name is declared", async () => {
  assert.deepEqual(await declared("index"), Object.keys(index).sort());
  assert.deepEqual(await declared("testing"), Object.keys(testing).sort());
  assert.deepEqual(await declared("neural-voice"), Object.keys(neuralVoice));
  assert.deepEqual([...(await declared("index")), "init"].sort(), Object.keys(asset).sort());
});

test("so does every member", async () => {
  for (const type of [MediaTask, MediaOutput, MediaFactory, MediaFactoryRegistry]) {
    assert.deepEqual(exist(type), await members(type.name), type.name);
  }
  const service = Object.getPrototypeOf(index.ImageWorkflow);
  assert.deepEqual(
    exist(service).filter((name) => name !== "validateParameters"),
    (await members("ServiceWorkflow")).filter((name) => name !== "validateParameters"),
  );
  assert.deepEqual(exist(index.VideoWorkflow), await members("VideoWorkflow"));
  assert.deepEqual(exist(index.VoiceWorkflow), await members("VoiceWorkflow"));
});

test("all entries share their classes", () => {
  assert.equal(asset.MediaFactoryRegistry, index.MediaFactoryRegistry);
  assert.ok(new testing.TestBench().registry instanceof index.MediaFactoryRegistry);
});

async function node(script) {
  const { stdout, stderr } = await run(process.execPath, ["--input-type=module", "-e", script], {
    cwd: new URL(".", import.meta.url),
  });
  return { stdout: stdout.trim(), stderr: stderr.trim() };
}

test("importing is enough, and leaves nothing running", async () => {
  const { stdout } = await node(`
    import { ImageWorkflow } from "media-factory";
    console.log(new ImageWorkflow().check({}).length);
  `);
  assert.equal(stdout, "1");
});

test("a process waits for its tasks, and names those that process.exit() leaves", async () => {
  const serve = `
    import http from "node:http";
    const server = http.createServer((request, response) => setTimeout(() => {
      response.setHeader("content-type", "application/json");
      response.end('{"status":"success","image_id":"1","url":"/a.png"}');
      server.close();
    }, 50)).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    server.unref();
    import { ImageWorkflow } from "media-factory";
    const workflow = new ImageWorkflow({
      service_endpoint: \`http://127.0.0.1:\${server.address().port}\`,
    });
  `;
  const waited = await node(`${serve}
    workflow.process({ prompt: "A fox" }, { onUpdate: (event) => console.log(event.status) });
  `);
  assert.equal(waited.stdout, "pending\nprocessing\ncompleted");
  assert.equal(waited.stderr, "");
  const left = await node(`${serve}
    console.log(workflow.process({ prompt: "A fox" }).taskId);
    process.exit();
  `);
  assert.ok(left.stderr.includes(left.stdout), left.stderr);
});

test("a core that has ended rejects whoever waits for it", async (context) => {
  context.mock.method(console, "error", () => {});
  const { coreDefect, trapped, unlessTrapped } = await import(new URL("js/platform.js", home));
  const waiting = unlessTrapped(new Promise(() => {}));
  trapped("for a test");
  await assert.rejects(waiting, { code: "internal", message: /for a test/ });
  await assert.rejects(unlessTrapped(new Promise(() => {})), coreDefect());
});
