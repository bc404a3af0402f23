import {
  type FilmParameters,
  type MediaFactory,
  MediaFactoryError,
  MediaFactoryRegistry,
  type MediaTask,
  MediaType,
  type ValidationIssue,
} from "media-factory";
import { part } from "./element.ts";
import type { Field } from "./field.ts";
import { type Mode, type Panel, panels } from "./options.ts";
import { issueList, problem, sentence } from "./problem.ts";
import { Settings } from "./settings.ts";

/** As the fields give them. Whether they are right, the package decides. */
export type Parameters = Record<string, unknown>;

/** What was asked for, and the task that makes it. */
export interface Order {
  medium: MediaType;
  parameters: Parameters;
  task: MediaTask;
}

/** Asks for media: reads the fields, starts the tasks, and says at each field what is wrong. */
export class Form {
  readonly #form = part("form", HTMLFormElement);
  readonly #source = part("source", HTMLFieldSetElement);
  readonly #promptArea = part("prompt-area", HTMLDivElement);
  readonly #options = part("options", HTMLDivElement);
  readonly #problem = part("form-problem", HTMLDivElement);
  readonly #panels = panels();
  readonly #settings = new Settings();
  readonly #onOrders: (orders: Order[]) => void;

  constructor(onOrders: (orders: Order[]) => void) {
    this.#onOrders = onOrders;
    for (const name of ["media", "source"]) {
      for (const radio of this.#form.querySelectorAll(`input[name=${name}]`)) {
        radio.addEventListener("change", () => this.#show());
      }
    }
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#show();
  }

  /** Fills the fields with what was asked for earlier. */
  fill({ medium, parameters }: Order): void {
    this.#choose("media", medium);
    if (medium === MediaType.VIDEO) {
      this.#choose("source", parameters.images === undefined ? "prompt" : "pictures");
    }
    this.#show();
    for (const field of this.#fields()) field.write(parameters[field.name]);
    this.#fields()[0]?.focus();
  }

  get #medium(): MediaType {
    const value = new FormData(this.#form).get("media");
    return Object.values(MediaType).find((medium) => medium === value) ?? MediaType.IMAGE;
  }

  get #mode(): Mode {
    const medium = this.#medium;
    const pictures = new FormData(this.#form).get("source") === "pictures";
    return medium === MediaType.VIDEO && pictures ? "film" : medium;
  }

  get #panel(): Panel {
    return this.#panels[this.#mode];
  }

  #fields(): Field[] {
    const { prompt, options } = this.#panel;
    return prompt === undefined ? options : [prompt, ...options];
  }

  #choose(name: string, value: string): void {
    for (const radio of this.#form.querySelectorAll<HTMLInputElement>(`input[name=${name}]`)) {
      radio.checked = radio.value === value;
    }
  }

  #show(): void {
    const { prompt, options } = this.#panel;
    this.#source.hidden = this.#medium !== MediaType.VIDEO;
    this.#promptArea.replaceChildren(...(prompt === undefined ? [] : [prompt.root]));
    this.#options.replaceChildren(...options.map((field) => field.root));
    this.#settings.show(this.#medium);
    this.#clearProblems();
  }

  #submit(): void {
    this.#clearProblems();
    try {
      this.#onOrders(this.#start());
    } catch (error) {
      const issues = error instanceof MediaFactoryError ? error.issues : [];
      if (issues.length > 0) this.#tell(issues);
      else this.#problem.replaceChildren(problem(error));
    }
  }

  /** Starts what the fields ask for; throws, and starts nothing, if anything is wrong. */
  #start(): Order[] {
    const medium = this.#medium;
    const parameters: Parameters = {};
    for (const field of this.#fields()) parameters[field.name] = field.read();
    if (this.#mode === "film") {
      return [{ medium, parameters, task: this.#startFilm(parameters) }];
    }
    const workflow: MediaFactory = MediaFactoryRegistry.getWorkflow(
      medium,
      this.#settings.config(),
    );
    const { prompt } = this.#panel;
    const lines = prompt?.lines() ?? [];
    if (prompt === undefined || lines.length === 0) {
      return [{ medium, parameters, task: workflow.process(parameters) }];
    }
    const items = lines.map((line) => ({ ...parameters, [prompt.name]: line }));
    // A batch would turn a mistake into one failed task per line; here it can still be corrected.
    const wrong = items.find((item) => workflow.check(item).length > 0);
    if (wrong !== undefined) return [{ medium, parameters: wrong, task: workflow.process(wrong) }];
    const tasks = workflow.batchProcess(items);
    return tasks.map((task, index) => ({ medium, parameters: items[index] ?? {}, task }));
  }

  #startFilm({ images, ...others }: Parameters): MediaTask {
    const workflow = MediaFactoryRegistry.getWorkflow(MediaType.VIDEO, this.#settings.config());
    return workflow.createFromImages(images as File[], others as FilmParameters);
  }

  /** Puts each problem at the field that it is about, and the keyboard to the first of them. */
  #tell(issues: ValidationIssue[]): void {
    const fields = [...this.#fields(), ...this.#settings.fields];
    const homeless: ValidationIssue[] = [];
    const troubled = new Set<Field>();
    for (const issue of issues) {
      // What is inside a value, such as `images[1]`, is told at the value.
      const key = issue.path.split(/[.[]/, 1)[0];
      const field = fields.find((candidate) => candidate.name === key);
      if (field === undefined) homeless.push(issue);
      else if (!troubled.has(field)) {
        field.tell(sentence(issue));
        troubled.add(field);
      }
    }
    if (homeless.length > 0) this.#problem.replaceChildren(issueList(homeless));
    fields.find((field) => troubled.has(field))?.focus();
  }

  #clearProblems(): void {
    this.#problem.replaceChildren();
    for (const field of [...this.#fields(), ...this.#settings.fields]) field.tell("");
  }
}
