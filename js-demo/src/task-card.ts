import { type MediaTask, ProcessingStatus, type TaskEvent } from "media-factory";
import { element, icon } from "./element.ts";
import type { Order } from "./form.ts";
import { Preview } from "./preview.ts";
import { issueList, problem } from "./problem.ts";

/** What a card asks its list for. */
export interface CardActions {
  /** Put what was asked for back into the form. */
  reuse(order: Order): void;
  /** Take the card away. */
  remove(card: TaskCard): void;
  /** The task has reached its end. */
  finished(card: TaskCard): void;
}

/** One task from its start to its result. */
export class TaskCard {
  readonly root: HTMLLIElement;
  readonly task: MediaTask;
  readonly #actions: CardActions;
  readonly #preview: Preview;
  readonly #status = element("span", { class: "status" });
  readonly #elapsed = element("span", { class: "elapsed" });
  readonly #progress: HTMLProgressElement;
  readonly #percent = element("span", { class: "percent", "aria-hidden": "true" });
  readonly #stage = element("p", { class: "stage", "aria-live": "polite" });
  readonly #notes = element("ul", { class: "notes" });
  /** One line for the newest retry: the ones before it are no news. */
  readonly #retry = element("li");
  readonly #error = element("div", { class: "error" });
  /** How much of the inputs has left, while they leave. */
  #uploading: { part: number; words: string } | undefined;
  readonly #cancel = element("button", { type: "button" }, "Cancel");
  readonly #reuse = element("button", { type: "button", class: "quiet" }, "Use again");
  readonly #remove = element("button", { type: "button", class: "quiet" }, "Remove");

  constructor(order: Order, actions: CardActions) {
    const { medium, task } = order;
    const title = titleOf(order);
    this.task = task;
    this.#actions = actions;
    this.#preview = new Preview(task, medium, title);
    this.#progress = element("progress", { max: 1, "aria-label": `Progress: ${title}` });
    this.root = element(
      "li",
      { class: "card", tabindex: -1, "aria-label": `${medium}: ${title}` },
      this.#preview.root,
      element(
        "div",
        { class: "card-body" },
        element("h3", { title }, icon(medium), title),
        element("p", { class: "state" }, this.#status, this.#elapsed, this.#percent),
        this.#progress,
        this.#stage,
        this.#error,
        this.#notes,
        element("div", { class: "actions" }, this.#cancel, this.#reuse, this.#remove),
      ),
    );
    this.#cancel.addEventListener("click", () => task.cancel());
    this.#reuse.addEventListener("click", () => actions.reuse(order));
    this.#remove.addEventListener("click", () => actions.remove(this));
    this.#show();
  }

  get open(): boolean {
    return !this.task.isFinished;
  }

  /** Follows the task until it has ended and its outputs are shown. */
  async follow(): Promise<void> {
    try {
      for await (const event of this.task.events()) {
        this.#take(event);
        this.#show();
      }
    } catch {
      // The package itself has ended. The task says so as its error, which is shown below.
    }
    this.#show();
    this.#settle();
    if (this.task.status === ProcessingStatus.COMPLETED) await this.#preview.showOutputs();
  }

  /** Shows the time that has passed. */
  tick(): void {
    const { createdAt, finishedAt } = this.task;
    const milliseconds = Math.max(0, (finishedAt?.getTime() ?? Date.now()) - createdAt.getTime());
    const seconds = milliseconds / 1_000;
    this.#elapsed.textContent =
      seconds < 60
        ? `${seconds.toFixed(1)} s`
        : `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
  }

  /** Gives the bytes of the outputs back. */
  dispose(): void {
    this.#preview.dispose();
  }

  #take(event: TaskEvent): void {
    if (event.kind === "log") this.#notes.append(element("li", {}, event.message));
    if (event.kind === "retry") {
      const { attempt, delay, message, reason } = event;
      this.#retry.textContent = `Retry ${attempt} after ${delay.toFixed(1)} s: ${message} (${reason})`;
      this.#notes.append(this.#retry);
    }
    if (event.kind === "progress") this.#uploading = uploaded(event);
    if (event.kind === "preview") void this.#preview.showWork(event.output);
  }

  #show(): void {
    const { status, stage } = this.task;
    const upload = this.open ? this.#uploading : undefined;
    const progress = upload?.part ?? this.task.progress;
    const waiting = status === ProcessingStatus.PENDING ? "waiting" : "working";
    this.root.dataset.status = status;
    this.#status.textContent = status;
    // The eye has the status; the stage tells the end to those who listen.
    this.#stage.textContent = this.open ? (upload?.words ?? stage ?? waiting) : status;
    this.#percent.textContent = this.open && progress !== undefined ? percent(progress) : "";
    // Without a value the bar says that work goes on, and not how far it is.
    if (progress === undefined) this.#progress.removeAttribute("value");
    else this.#progress.value = progress;
    this.#progress.hidden = !this.open;
    // The keyboard stays with the card when its button goes.
    if (!this.open && document.activeElement === this.#cancel) this.root.focus();
    this.#cancel.hidden = !this.open;
    this.#remove.hidden = this.open;
    this.tick();
  }

  #settle(): void {
    const { error } = this.task;
    if (error !== undefined && this.task.status === ProcessingStatus.FAILED) {
      this.#error.replaceChildren(problem(error));
      if (error.issues.length > 0) this.#error.append(issueList(error.issues));
    }
    this.#actions.finished(this);
  }
}

function uploaded(event: TaskEvent & { kind: "progress" }) {
  const { sent_bytes: sent, total_bytes: total } = event;
  if (sent === undefined || total === undefined || sent >= total) return undefined;
  return { part: sent / total, words: `uploading, ${megabytes(sent)} of ${megabytes(total)} MB` };
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}

function percent(progress: number): string {
  return `${Math.floor(progress * 100)} %`;
}

/** The words of the task, or what it is made of. */
function titleOf({ parameters }: Order): string {
  const { prompt, text, images } = parameters;
  if (typeof prompt === "string") return prompt;
  if (typeof text === "string") return text;
  if (!Array.isArray(images)) return "Untitled";
  return images.length === 1 ? "Film of one picture" : `Film of ${images.length} pictures`;
}
