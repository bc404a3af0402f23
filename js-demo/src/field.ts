import { element } from "./element.ts";

interface Description {
  /** Unique in the page. */
  id: string;
  /** The parameter or configuration key; the id unless given. */
  name?: string;
  label: string;
  hint?: string;
}

type TextControl = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** A labelled control for one key, and the place where its problems are told. */
export abstract class Field<Control extends HTMLElement = HTMLElement> {
  readonly name: string;
  readonly root: HTMLElement;
  protected readonly label: HTMLElement;
  protected readonly hint: HTMLElement | undefined;
  readonly #problem: HTMLElement;

  protected constructor(
    description: Description,
    protected readonly control: Control,
  ) {
    const { id, name = id, label, hint } = description;
    this.name = name;
    this.label = element("label", { for: id }, label);
    this.#problem = element("p", { id: `${id}-problem`, class: "problem", role: "alert" });
    control.id = id;
    control.setAttribute(
      "aria-describedby",
      hint === undefined ? `${id}-problem` : `${id}-hint ${id}-problem`,
    );
    control.addEventListener("input", () => this.tell(""));
    this.root = element("div", { class: "field" }, this.label, control, this.#problem);
    if (hint !== undefined) {
      this.hint = element("p", { id: `${id}-hint`, class: "hint" }, hint);
      control.after(this.hint);
    }
  }

  /** The value as the package takes it; `undefined` when the user set none. */
  abstract read(): unknown;

  /** Puts a value of an earlier task back; `undefined` empties the field. */
  abstract write(value: unknown): void;

  /** Shows what is wrong with the value; an empty text takes it away. */
  tell(problem: string): void {
    this.#problem.textContent = problem;
    this.control.toggleAttribute("aria-invalid", false);
    if (problem !== "") this.control.setAttribute("aria-invalid", "true");
  }

  focus(): void {
    this.control.focus();
  }
}

/** A line of text, with suggestions but open to anything. */
export class TextField extends Field<HTMLInputElement> {
  constructor(
    description: Description & { value?: string; placeholder?: string; suggestions?: string[] },
  ) {
    const { id, value = "", placeholder = "", suggestions = [] } = description;
    const list = element(
      "datalist",
      { id: `${id}-suggestions` },
      ...suggestions.map((suggestion) => element("option", { value: suggestion })),
    );
    super(
      description,
      element("input", { value, placeholder, list: list.id, autocomplete: "off" }),
    );
    this.root.append(list);
  }

  read(): string | undefined {
    return textOf(this.control);
  }

  write(value: unknown): void {
    this.control.value = typeof value === "string" ? value : "";
  }

  set placeholder(text: string) {
    this.control.placeholder = text;
  }
}

/** A text that is not shown. The browser is asked not to keep it. */
export class SecretField extends Field<HTMLInputElement> {
  constructor(description: Description) {
    super(description, element("input", { type: "password", autocomplete: "off" }));
  }

  read(): string | undefined {
    return textOf(this.control);
  }

  write(value: unknown): void {
    this.control.value = typeof value === "string" ? value : "";
  }
}

/** A number. Its limits help the arrow keys; whether it is right, the package decides. */
export class NumberField extends Field<HTMLInputElement> {
  constructor(
    description: Description & {
      value?: number;
      min: number;
      max: number;
      step: number;
      placeholder?: string;
    },
  ) {
    const { value = "", min, max, step, placeholder = "" } = description;
    super(description, element("input", { type: "number", min, max, step, value, placeholder }));
  }

  read(): number | undefined {
    // Browsers hide a text that is no number. NaN lets the package say so at this field.
    if (this.control.validity.badInput) return Number.NaN;
    return this.control.value === "" ? undefined : Number(this.control.value);
  }

  write(value: unknown): void {
    this.control.value = typeof value === "number" ? String(value) : "";
  }
}

/** A slider that is not sent while it stands at its default. */
export class RangeField extends Field<HTMLInputElement> {
  readonly #shown = element("output");
  readonly #format: (value: number) => string;

  constructor(
    description: Description & {
      value: number;
      min: number;
      max: number;
      step: number;
      format: (value: number) => string;
    },
  ) {
    const { id, value, min, max, step, format } = description;
    // The value comes last: a browser rounds it to the steps that it knows so far.
    super(description, element("input", { type: "range", min, max, step, value }));
    this.#format = format;
    this.#shown.htmlFor.add(id);
    this.root.classList.add("range");
    this.label.after(this.#shown);
    this.control.addEventListener("input", () => this.#show());
    this.#show();
  }

  read(): number | undefined {
    const { value, defaultValue } = this.control;
    return value === defaultValue ? undefined : Number(value);
  }

  write(value: unknown): void {
    this.control.value = typeof value === "number" ? String(value) : this.control.defaultValue;
    this.#show();
  }

  #show(): void {
    this.#shown.textContent = this.#format(this.control.valueAsNumber);
  }
}

/** Yes, or left to the service. */
export class FlagField extends Field<HTMLInputElement> {
  constructor(description: Description) {
    super(description, element("input", { type: "checkbox" }));
    this.root.classList.add("flag");
  }

  read(): true | undefined {
    return this.control.checked || undefined;
  }

  write(value: unknown): void {
    this.control.checked = value === true;
  }
}

/** One of a few words. */
export class ChoiceField extends Field<HTMLSelectElement> {
  constructor(description: Description & { choices: string[] }) {
    const options = description.choices.map((choice) => element("option", {}, choice));
    super(description, element("select", {}, ...options));
  }

  read(): string | undefined {
    return textOf(this.control);
  }

  write(value: unknown): void {
    this.control.value = typeof value === "string" ? value : "";
    if (this.control.selectedIndex === -1) this.control.selectedIndex = 0;
  }
}

function textOf(control: TextControl): string | undefined {
  return control.value === "" ? undefined : control.value;
}
