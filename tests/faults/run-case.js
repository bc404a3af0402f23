// One row of the table as a client lives through it, in Node and in a page.

/** What a client saw of each task of the row. */
export async function runCase(MediaFactoryRegistry, endpoint, row) {
  const config = { service_endpoint: endpoint, ...row.config };
  const workflow = new MediaFactoryRegistry().getWorkflow(row.medium, config);
  const parameters = filled(row.parameters, row.picture);
  const tasks =
    row.batch === undefined
      ? [workflow.process(parameters)]
      : workflow.batchProcess(Array(row.batch).fill(parameters));
  if (typeof row.cancel === "number") setTimeout(() => tasks[0].cancel(), row.cancel * 1000);
  return Promise.all(tasks.map((task) => watch(task, row.cancel)));
}

async function watch(task, cancelOn) {
  const seen = { taskId: task.taskId, code: null, events: {} };
  for await (const event of task.events()) {
    seen.events[event.kind] = (seen.events[event.kind] ?? 0) + 1;
    if (event.kind === cancelOn) task.cancel();
  }
  seen.status = task.status;
  try {
    await task.wait();
    seen.output = await judged(task);
  } catch (failure) {
    if (typeof failure.code !== "string") throw failure;
    if (task.status === "completed") seen.output = failure.code;
    else seen.code = failure.code;
  }
  return seen;
}

/** Whether the first output has the bytes that the service made. */
async function judged(task) {
  const content = await task.outputs[0].arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex === task.result.raw.outputs[0].sha256 ? "ok" : "other bytes";
}

/** The value with its pictures, which have so many bytes: readers stop where a picture ends. */
function filled(value, picture) {
  if (Array.isArray(value)) return value.map((item) => filled(item, picture));
  if (value === null || typeof value !== "object") return value;
  if (value.$picture === undefined) {
    const members = Object.entries(value).map(([name, member]) => [name, filled(member, picture)]);
    return Object.fromEntries(members);
  }
  const bytes = new Uint8Array(value.$picture);
  bytes.set(Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0)));
  return bytes;
}
