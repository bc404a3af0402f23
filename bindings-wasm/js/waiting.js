import { TaskCancelled, TaskFailed } from "./errors.js";
import { optionsOf } from "./options.js";

/** Waits for all tasks and gives them back in the order in which they came. */
export async function waitAll(tasks, options) {
  const kinds = { onUpdate: "function", raiseOnError: "boolean", timeout: "number" };
  const { onUpdate, raiseOnError, timeout } = optionsOf(options, kinds);
  const all = [...tasks];
  const stops = onUpdate ? all.map((task) => task.onUpdate(onUpdate)) : [];
  try {
    await Promise.all(all.map((task) => ended(task, timeout)));
  } catch (error) {
    for (const stop of stops) {
      stop();
    }
    throw error;
  }
  if (raiseOnError) {
    await Promise.all(all.map((task) => task.wait()));
  }
  return all;
}

/** Gives the tasks one by one, each as it ends. */
export async function* asCompleted(tasks, options) {
  const { timeout } = optionsOf(options, { timeout: "number" });
  const ready = [];
  let running = 0;
  let wake = () => {};
  const settle = (outcome) => {
    ready.push(outcome);
    wake();
  };
  for (const task of tasks) {
    running += 1;
    ended(task, timeout).then(
      () => settle({ task }),
      (error) => settle({ error }),
    );
  }
  for (; running > 0; running -= 1) {
    if (ready.length === 0) {
      await new Promise((resolve) => {
        wake = resolve;
      });
    }
    const { task, error } = ready.shift();
    if (error) {
      throw error;
    }
    yield task;
  }
}

/** Resolves however the task ends; rejects when that takes too long. */
async function ended(task, timeout) {
  try {
    await task.wait({ timeout });
  } catch (error) {
    if (!(error instanceof TaskFailed || error instanceof TaskCancelled)) {
      throw error;
    }
  }
}
