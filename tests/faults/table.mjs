// `cases.json`: what goes wrong, and what the SDK must make of it.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

const table = JSON.parse(await readFile(new URL("cases.json", import.meta.url), "utf8"));

/** Every row with the table's defaults filled in for one column. */
export function cases(column) {
  const { defaults, picture } = table;
  return table.cases.map((row) => ({
    ...defaults,
    ...row,
    picture,
    config: { ...defaults.config, ...row.config },
    // biome-ignore lint/suspicious/noThenProperty: nobody awaits a row, and in the table it reads well.
    then: { ...defaults.then, ...row.then, ...row.except?.[column] },
  }));
}

/**
 * Lives through one row: `run` gives what the client saw, and the service tells the rest. Fails
 * with everything that is not as the table says.
 */
export async function check(service, row, run) {
  await service.give(row.rules);
  const seen = await run();
  const hits = await settledHits(service, row);
  await service.give([]);
  const remote = await Promise.all(seen.map(({ taskId }) => settledEnd(service, row, taskId)));
  assert.deepEqual(differences(row, seen, await service.counters(), remote, hits), []);
}

// The service is told of an end at the client when nobody waits for it any more.

async function settledHits(service, row) {
  for (let tries = 0; ; tries += 1) {
    const hits = await service.hits();
    if (tries === 100 || hits.every((hit, place) => hitEnough(row, place, hit))) return hits;
    await sleep(20);
  }
}

async function settledEnd(service, { medium, then }, taskId) {
  for (let tries = 0; ; tries += 1) {
    const end = await service.endOf(taskId, medium);
    if (tries === 100 || end !== "unknown" || [then.remote].flat().includes(end)) return end;
    await sleep(20);
  }
}

/** Whether the rule at `place` hit as many requests as it should have. */
function hitEnough({ then }, place, hits) {
  return then.hits === undefined ? hits > 0 : then.hits[place].includes(hits);
}

function differences(row, seen, counters, remote, hits) {
  const { then, batch = 1 } = row;
  const problems = [];
  const compare = (what, actual, expected) => {
    if ([expected].flat().includes(actual)) return;
    problems.push(`${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
  };
  compare("tasks", seen.length, batch);
  seen.forEach((task, place) => {
    compare("status", task.status, then.status);
    compare("code", task.code, then.code);
    if (task.status === "completed") compare("output", task.output, then.output);
    compare("status at the service", remote[place], then.remote);
    for (const what of ["submissions", "generations"]) {
      compare(what, counters[what][task.taskId] ?? 0, then[what]);
    }
    if (counters.generations[task.taskId] > 1) problems.push("PAID TWICE");
    for (const [kind, least] of Object.entries(then.events)) {
      const count = task.events[kind] ?? 0;
      if (count < least) problems.push(`${count} events '${kind}', not ${least} or more`);
    }
  });
  hits.forEach((hit, place) => {
    if (!hitEnough(row, place, hit)) problems.push(`rule ${place} hit ${hit} requests`);
  });
  return problems;
}
