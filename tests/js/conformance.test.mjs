// Runs every vector under tests/conformance through the public API. Rust and Python run the same
// files; the format is described in tests/conformance/README.md.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { extname, join, sep } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import * as package_ from "media-factory";
import { mismatch, TestBench } from "media-factory/testing";
import { temporaryFolder } from "../temporary-folder.mjs";

const FOLDER = fileURLToPath(new URL("../conformance", import.meta.url));
const LEAST_VECTORS = 100;
const SAVED = await temporaryFolder({ after });
const START = Date.parse("2026-11-22T09:40:00Z");
const SCENARIO = ["exchanges", "random", "env", "scarce"];

const CLASSES = new Map(Object.entries(package_));

const FILES = readdirSync(FOLDER, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(FOLDER.length + 1))
  .map((file) => file.split(sep).join("/"))
  .sort();
const VECTORS = FILES.filter((file) => {
  const [area, name, ...deeper] = file.split("/");
  const inPlace = area !== "common" && name !== undefined && deeper.length === 0;
  const isVector = inPlace && extname(file) === ".json";
  return isVector && `${area}/${name}` !== "errors/codes.json";
});

function read(file) {
  return JSON.parse(readFileSync(join(FOLDER, file), "utf8"));
}

function casesOf(vector) {
  return (vector.cases ?? [vector]).map((one) => ({
    ...one,
    given: { ...vector.given, ...one.given },
  }));
}

/** Reads what JSON lacks from tagged objects. */
function value(plain) {
  if (Array.isArray(plain)) {
    return plain.map(value);
  }
  if (typeof plain !== "object" || plain === null) {
    return plain;
  }
  const [[tag, content] = ["", undefined]] = Object.entries(plain);
  if (!tag.startsWith("$")) {
    return Object.fromEntries(Object.entries(plain).map(([key, item]) => [key, value(item)]));
  }
  switch (tag) {
    case "$nan":
      return Number.NaN;
    case "$inf":
      return Number.POSITIVE_INFINITY * content;
    case "$huge":
      return BigInt(content);
    case "$lone_surrogate":
      return "\ud83e";
    case "$object":
      return () => "no data";
    case "$bytes":
      return bytes(...[content].flat());
    case "$repeat":
      return content[0].repeat(content[1]);
    case "$items":
      return Array(content[1]).fill(value(content[0]));
    default:
      throw new Error(`unknown tag ${tag}`);
  }
}

function bytes(encoded, length) {
  const content = Buffer.from(encoded, "base64");
  const filled = new Uint8Array(length ?? content.length);
  filled.set(content);
  return filled;
}

/** Plays one case to where nothing moves any more. */
async function play({ given, when = [] }) {
  // The environment of whoever runs the tests must not show.
  const scenario = { env: {} };
  for (const key of SCENARIO.filter((key) => given[key] !== undefined)) {
    scenario[key] = given[key];
  }
  const bench = new TestBench(scenario);
  const played = { bench, issues: [], tasks: [], events: [], followed: [], problems: [] };
  try {
    start(played, given);
  } catch (error) {
    assert.ok(error instanceof package_.MediaFactoryError, inspect(error));
    played.error = error;
  }
  const streams = [];
  for (const action of when) {
    const ahead = action.at - bench.elapsed;
    if (ahead > 0) {
      await bench.advance(ahead);
    }
    const gave = await act(played, action, streams);
    if ("gives" in action && !same(plain(gave), action.gives)) {
      played.problems.push(`${action.do} gave ${inspect(gave)}, not ${inspect(action.gives)}`);
    }
  }
  await bench.run();
  played.elapsed = bench.elapsed;
  for (const { stream, first } of streams) {
    const events = [(await first).value];
    for await (const event of stream) {
      events.push(event);
    }
    played.followed.push(events);
  }
  return played;
}

function start(played, given) {
  const { registry } = played.bench;
  if (given.defaults) {
    registry.configure(value(given.defaults));
  }
  const workflow = registry.getWorkflow(given.media_type ?? "image", value(given.config ?? {}));
  played.workflow = workflow;
  const options = { ...given.options, onUpdate: (event) => played.events.push(event) };
  if (given.batch) {
    played.tasks = workflow.batchProcess(value(given.batch));
  } else if (given.call) {
    played.tasks = [call(workflow, value(given.call), options)];
  } else if (given.parameters) {
    const parameters = value(given.parameters);
    played.issues = workflow.check(parameters);
    assert.equal(workflow.validateParameters(parameters), played.issues.length === 0);
    if (played.issues.length > 0 || given.exchanges) {
      played.tasks = [workflow.process(parameters, options)];
    }
  }
}

function call(workflow, { text_to_speech, clone_voice, create_from_images }, options) {
  if (text_to_speech) {
    const { text, ...rest } = text_to_speech;
    return workflow.textToSpeech(text, { ...rest, ...options });
  }
  if (clone_voice) {
    return workflow.cloneVoice(clone_voice.sample_audio, clone_voice.text, options);
  }
  return workflow.createFromImages(
    create_from_images.images,
    create_from_images.parameters,
    options,
  );
}

async function act({ bench, workflow, tasks }, action, streams) {
  const task = tasks[action.task ?? 0];
  const raised = (error) => {
    assert.ok(error instanceof package_.MediaFactoryError, inspect(error));
    return error;
  };
  switch (action.do) {
    case "cancel":
      return task.cancel();
    case "wait":
      return bench.until(task.wait({ timeout: action.timeout })).then(
        (ended) => ended === task && "completed",
        (error) => ({ raised: raised(error).name, code: error.code }),
      );
    case "follow": {
      const stream = task.events();
      streams.push({ stream, first: stream.next() });
      return null;
    }
    case "process":
      try {
        tasks.push(workflow.process(value(action.parameters)));
        return null;
      } catch (error) {
        return { code: raised(error).code, issues: error.issues.map(plainIssue) };
      }
    case "list": {
      const listed = {
        health: () => workflow.health(),
        models: () => workflow.listModels(),
        styles: () => workflow.listStyles(),
        resolutions: () => workflow.listResolutions(),
      }[action.what]();
      return bench.until(listed).catch((error) => ({ code: raised(error).code }));
    }
    default:
      throw new Error(`unknown action ${action.do}`);
  }
}

/** As JSON has it: without what is undefined. */
function plain(something) {
  return something === undefined ? null : JSON.parse(JSON.stringify(something, withoutBytes));
}

function withoutBytes(_key, item) {
  return item instanceof Uint8Array ? `<${item.length} bytes>` : item;
}

function plainIssue({ path, code, allowed, suggestion }) {
  return plain({ path, code, allowed: allowed ?? undefined, suggestion: suggestion ?? undefined });
}

function plainError(error) {
  return error && { ...plain(error), issues: error.issues.map(plainIssue) };
}

function plainTask(task) {
  return plain({
    task_id: task.taskId,
    media_type: task.mediaType,
    status: task.status,
    parameters: task.parameters,
    created_at: seconds(task.createdAt),
    started_at: seconds(task.startedAt),
    updated_at: seconds(task.updatedAt),
    finished_at: seconds(task.finishedAt),
    progress: task.progress,
    stage: task.stage,
    eta_seconds: task.etaSeconds,
    outputs: task.outputs.map(plainOutput),
    raw: task.result?.raw,
    error: plainError(task.error),
    metadata: task.metadata,
    remote_id: task.remoteId,
    attempts: task.attempts,
  });
}

function plainOutput(output) {
  return {
    mime_type: output.mimeType,
    width: output.width,
    height: output.height,
    duration: output.duration,
    seed: output.seed,
    url: output.url,
    size: output.size,
  };
}

function plainEvent(event) {
  const output = event.output && plainOutput(event.output);
  return plain({ ...event, at: seconds(event.at), error: plainError(event.error), output });
}

function seconds(moment) {
  return moment && (moment.getTime() - START) / 1000;
}

async function plainOutputs({ bench, tasks }) {
  const folder = mkdtempSync(join(SAVED, "case-"));
  const seen = [];
  for (const output of tasks.flatMap((task) => task.outputs)) {
    try {
      const content = Buffer.from(await bench.until(output.arrayBuffer()));
      const saved = await output.save(join(folder, `output${seen.length}`));
      const extension = extname(saved).slice(1);
      const text = content.toString("utf8");
      const isText = Buffer.from(text, "utf8").equals(content);
      const content_ = isText ? { text } : { base64: content.toString("base64") };
      seen.push({ ...content_, extension });
    } catch (error) {
      assert.ok(error instanceof package_.MediaFactoryError, inspect(error));
      seen.push({ error: plainError(error) });
    }
  }
  return seen;
}

function same(a, b) {
  try {
    assert.deepStrictEqual(a, b);
    return true;
  } catch {
    return false;
  }
}

/** Puts the ids of the tasks in: `{id}` for the first, `{id:1}` for the second. */
function withIds(expected, ids) {
  if (typeof expected === "string") {
    return expected.replace(/\{id(?::(\d+))?\}/g, (tag, place) => ids[Number(place ?? 0)] ?? tag);
  }
  if (Array.isArray(expected)) {
    return expected.map((item) => withIds(item, ids));
  }
  if (typeof expected !== "object" || expected === null) {
    return expected;
  }
  const members = Object.entries(expected);
  return Object.fromEntries(members.map(([key, item]) => [key, withIds(item, ids)]));
}

async function differences(one) {
  const played = await play(one);
  const found = [...played.problems];
  const ids = played.tasks.map((task) => task.taskId);
  const expected = withIds(one.then, ids);
  for (const [member, wanted] of Object.entries(expected)) {
    const problem = await compare(played, member, wanted);
    if (problem) {
      found.push(`${member}${problem}`);
    }
  }
  if (played.error && !("issues" in expected) && !("error" in expected)) {
    found.push(`raised ${inspect(played.error)}`);
  }
  return [...found, ...played.bench.problems, ...brokenPromises(played)];
}

async function compare(played, member, wanted) {
  const { bench, workflow, tasks } = played;
  switch (member) {
    case "issues": {
      const issues = played.issues.map(plainIssue);
      const raised = played.error ? plainError(played.error).issues : issues;
      const agree = same(issues, wanted) && same(raised, wanted);
      return agree ? undefined : `: found ${inspect(issues)}, raised ${inspect(raised)}`;
    }
    case "error":
      return mismatch(wanted, plainError(played.error) ?? "nothing was raised");
    case "task":
      return mismatch(wanted, plainTask(tasks[0]));
    case "tasks":
      return mismatch(wanted, tasks.map(plainTask));
    case "events":
      return mismatch(wanted, played.events.map(plainEvent));
    case "followed":
      return mismatch(
        wanted,
        played.followed.map((events) => events.map(plainEvent)),
      );
    case "requests":
      return differingRequests(wanted, bench.requests);
    case "elapsed":
      return mismatch(wanted, played.elapsed);
    case "outputs":
      return mismatch(wanted, await plainOutputs(played));
    case "listed":
      return mismatch(
        wanted,
        bench.registry.listTasks().map((task) => task.taskId),
      );
    case "capabilities": {
      const seen = plain(workflow.getCapabilities());
      return same(seen, wanted) ? undefined : `: got ${inspect(seen)}`;
    }
    default:
      throw new Error(`unknown member of then: ${member}`);
  }
}

function differingRequests(wanted, seen) {
  const differing = wanted.findIndex(
    (request, place) => "json" in request && !same(plain(seen[place]?.json), request.json),
  );
  return (
    mismatch(wanted, seen) ??
    (differing < 0
      ? undefined
      : `[${differing}].json: expected ${inspect(wanted[differing].json)}, got ${inspect(seen[differing].json)}`)
  );
}

/** What does not hold that holds in every vector. */
function brokenPromises({ workflow, tasks, events, error }) {
  const broken = [];
  if (events.some((event, place) => event.seq !== place + 1)) {
    broken.push("seq has gaps");
  }
  if (events.some((event, place) => place > 0 && event.at < events[place - 1].at)) {
    broken.push("events run backwards in time");
  }
  const told = [events.map(plainEvent), tasks.map(plainTask), tasks, plainError(error)];
  const shown = [String(error), inspect(error), inspect(tasks), inspect(events), String(workflow)];
  // Vectors mark what must never show by this word.
  if ((JSON.stringify(told, withoutBytes) + shown.join(" ")).includes("s3cret")) {
    broken.push(`a secret shows: ${JSON.stringify(told, withoutBytes)} ${shown}`);
  }
  for (const task of tasks) {
    const times = [task.createdAt, task.startedAt, task.updatedAt].filter(Boolean).map(Number);
    if (times.some((time, place) => place > 0 && time < times[place - 1])) {
      broken.push(`times out of order: ${times}`);
    }
    if (task.status === "completed" && task.progress !== 1) {
      broken.push("completed without progress 1");
    }
  }
  return broken;
}

for (const file of VECTORS) {
  test(file.slice(0, -".json".length), async () => {
    const problems = [];
    for (const [place, one] of casesOf(read(file)).entries()) {
      const found = await differences(one);
      problems.push(...found.map((problem) => `case ${place} (${one.about ?? ""}): ${problem}`));
    }
    assert.equal(problems.join("\n"), "");
  });
}

test("the collection is whole", () => {
  const isData = (file) => ["README.md", "errors/codes.json"].includes(file);
  const strays = FILES.filter((file) => !isData(file) && !file.startsWith("common/"));
  assert.deepEqual(strays, VECTORS, "files that no runner runs");
  assert.ok(VECTORS.length >= LEAST_VECTORS, `only ${VECTORS.length} vectors`);
});

test("every code has its class", async () => {
  for (const row of read("errors/codes.json").codes) {
    const type = CLASSES.get(row.class);
    assert.ok(type.prototype instanceof Error, row.class);
    if (type !== package_.MediaFactoryError) {
      assert.equal(new type().code, row.code);
    }
    const seen = await namedByTheService(row.code);
    assert.equal(seen.code, row.code);
    assert.equal(seen.constructor, type, row.code);
    assert.equal(seen.retryable, row.retryable, row.code);
  }
});

/** The error that a task ends with when a service answers with that code. */
async function namedByTheService(code) {
  const reply = { status: 400, json: { error: { code, message: "no" } } };
  const bench = new TestBench({ env: {}, exchanges: [{ reply }] });
  const task = bench.registry.getWorkflow("image").process({ prompt: "A fox" });
  await bench.run();
  return task.error;
}
