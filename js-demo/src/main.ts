import { Form } from "./form.ts";
import { TaskList } from "./task-list.ts";

const form = new Form((tasks) => list.add(tasks));
const list = new TaskList((task) => form.fill(task.mediaType, task.parameters));

// What is still being made is lost with the page; the browser asks first.
window.addEventListener("beforeunload", (event) => {
  if (list.open > 0) event.preventDefault();
});
