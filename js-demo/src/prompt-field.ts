import { element } from "./element.ts";
import { Field } from "./field.ts";

/** The words that a task starts from: one text, or one per line. */
export class PromptField extends Field<HTMLTextAreaElement> {
  readonly #batch = element("input", { type: "checkbox" });

  constructor(description: {
    name: string;
    label: string;
    placeholder: string;
    /** Texts to start from, one click each. */
    examples: string[];
  }) {
    const { name, label, placeholder, examples } = description;
    const control = element("textarea", { rows: 3, placeholder });
    super({ id: name, label, hint: "Enter generates" }, control);
    control.addEventListener("keydown", (event) => this.#onKey(event));
    this.#batch.addEventListener("change", () => this.#showKeys());
    this.root.classList.add("prompt");
    this.hint?.after(element("label", { class: "batch" }, this.#batch, "One task per line"));
    this.root.append(
      element(
        "div",
        { class: "examples", role: "group", "aria-label": "Examples" },
        ...examples.map((text) => this.#example(text)),
      ),
    );
  }

  read(): string | undefined {
    return this.control.value === "" ? undefined : this.control.value;
  }

  write(value: unknown): void {
    this.control.value = typeof value === "string" ? value : "";
    this.#batch.checked = false;
    this.#showKeys();
  }

  /** Every line that says something, if the user wants a task for each; else none. */
  lines(): string[] {
    if (!this.#batch.checked) return [];
    return this.control.value.split("\n").filter((line) => line.trim() !== "");
  }

  #example(text: string): HTMLButtonElement {
    const button = element("button", { type: "button", class: "example" }, text);
    button.addEventListener("click", () => {
      const before =
        this.#batch.checked && this.control.value !== "" ? `${this.control.value}\n` : "";
      this.control.value = before + text;
      this.tell("");
      this.control.focus();
    });
    return button;
  }

  #onKey(event: KeyboardEvent): void {
    // Enter also ends the composition of a Chinese or Japanese word; that is no order.
    if (event.key !== "Enter" || event.isComposing || event.shiftKey) return;
    if (this.#batch.checked && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.control.form?.requestSubmit();
  }

  #showKeys(): void {
    const keys = this.#batch.checked ? "Ctrl + Enter generates" : "Enter generates";
    this.hint?.replaceChildren(keys);
  }
}
