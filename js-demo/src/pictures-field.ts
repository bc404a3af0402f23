import { element } from "./element.ts";
import { Field } from "./field.ts";

/** Pictures from the user's disk, in the order in which they were chosen. */
export class PicturesField extends Field<HTMLInputElement> {
  readonly #list = element("ol", { class: "pictures" });
  #files: File[] = [];

  constructor(description: { id: string; label: string }) {
    super(description, element("input", { type: "file", accept: "image/*", multiple: true }));
    this.root.classList.add("wide");
    this.root.append(this.#list);
    this.control.addEventListener("change", () => {
      this.#files.push(...(this.control.files ?? []));
      // Emptied, so that the same file can be chosen again after it was taken out.
      this.control.value = "";
      this.#show();
    });
  }

  /** Always a list, so that the package says what an empty one means. */
  read(): File[] {
    return [...this.#files];
  }

  write(value: unknown): void {
    this.#files = Array.isArray(value) ? value.filter((item) => item instanceof File) : [];
    this.#show();
  }

  #show(): void {
    for (const picture of this.#list.querySelectorAll("img")) URL.revokeObjectURL(picture.src);
    this.#list.replaceChildren(...this.#files.map((file, index) => this.#picture(file, index)));
  }

  #picture(file: File, index: number): HTMLLIElement {
    const url = URL.createObjectURL(file);
    const remove = element(
      "button",
      { type: "button", "aria-label": `Take out ${file.name}` },
      "×",
    );
    remove.addEventListener("click", () => {
      this.#files.splice(index, 1);
      this.#show();
      this.tell("");
      this.focus();
    });
    return element("li", {}, element("img", { src: url, alt: file.name }), remove);
  }
}
