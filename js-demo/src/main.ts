import { Form } from "./form.ts";
import { TaskList } from "./task-list.ts";
// Fetched only if somebody asks for the voice "neural".
import "media-factory/neural-voice";

const form = new Form((orders) => list.add(orders));
const list = new TaskList((order) => form.fill(order));

// What is still being made is lost with the page; the browser asks first.
window.addEventListener("beforeunload", (event) => {
  if (list.open > 0) event.preventDefault();
});
