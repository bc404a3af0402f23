import { part } from "./element.ts";
import type { Order } from "./form.ts";
import { TaskCard } from "./task-card.ts";

/** Milliseconds between two looks at the clock while something is being made. */
const TICK = 200;

/** Every task of this visit, the newest first. */
export class TaskList {
  readonly #section = part("tasks", HTMLElement);
  readonly #list = part("task-list", HTMLOListElement);
  readonly #summary = part("tasks-summary", HTMLParagraphElement);
  readonly #empty = part("empty", HTMLParagraphElement);
  readonly #clear = part("clear", HTMLButtonElement);
  readonly #cards = new Set<TaskCard>();
  readonly #reuse: (order: Order) => void;
  #timer = 0;

  constructor(reuse: (order: Order) => void) {
    this.#reuse = reuse;
    this.#clear.addEventListener("click", () => this.#clearFinished());
  }

  /** How many tasks are still being made. */
  get open(): number {
    return [...this.#cards].filter((card) => card.open).length;
  }

  /** Shows tasks and follows them to their end. */
  add(orders: Order[]): void {
    const cards = orders.map(
      (order) =>
        new TaskCard(order, {
          reuse: this.#reuse,
          remove: (card) => this.#remove(card),
          finished: () => this.#show(),
        }),
    );
    for (const card of cards) this.#cards.add(card);
    this.#list.prepend(...cards.map((card) => card.root));
    this.#show();
    for (const card of cards) void card.follow();
  }

  #remove(card: TaskCard): void {
    const neighbour = card.root.nextElementSibling ?? card.root.previousElementSibling;
    this.#discard(card);
    this.#show();
    // The keyboard goes on from where the card was.
    if (neighbour instanceof HTMLElement) neighbour.focus();
    else this.#section.focus();
  }

  #clearFinished(): void {
    for (const card of this.#cards) {
      if (!card.open) this.#discard(card);
    }
    this.#show();
    this.#section.focus();
  }

  #discard(card: TaskCard): void {
    card.dispose();
    card.root.remove();
    this.#cards.delete(card);
  }

  #show(): void {
    const open = this.open;
    const finished = this.#cards.size - open;
    const counts = [open > 0 ? `${open} running` : "", finished > 0 ? `${finished} finished` : ""];
    this.#summary.textContent = counts.filter((count) => count !== "").join(", ");
    this.#empty.hidden = this.#cards.size > 0;
    this.#clear.hidden = finished === 0;
    if (open > 0 && this.#timer === 0) {
      this.#timer = window.setInterval(() => this.#tick(), TICK);
    }
    if (open === 0) {
      window.clearInterval(this.#timer);
      this.#timer = 0;
    }
  }

  #tick(): void {
    for (const card of this.#cards) {
      if (card.open) card.tick();
    }
  }
}
