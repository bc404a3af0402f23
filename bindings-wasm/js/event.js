import { makeError } from "./errors.js";
import { MediaOutput } from "./output.js";

const TIMES = ["created_at", "started_at", "updated_at", "finished_at"];

/** The core's event with a Date, an Error and a MediaOutput where JSON has plain data. */
export function eventOf(event) {
  event.at = new Date(event.at);
  if (event.kind === "snapshot") {
    event.task = plainTask(event.task);
  }
  if (event.output) {
    event.output = new MediaOutput(event.output);
  }
  if (event.error) {
    event.error = makeError(event.error);
  }
  return event;
}

/** The core's snapshot with times as ISO 8601 text. */
export function plainTask(snapshot) {
  for (const key of TIMES) {
    snapshot[key] = snapshot[key] === null ? null : new Date(snapshot[key]).toISOString();
  }
  return snapshot;
}
