import type { MediaOutput, MediaTask, MediaType } from "media-factory";
import { element, icon } from "./element.ts";
import { problem } from "./problem.ts";
import { view } from "./viewer.ts";

/** What a task makes: a still frame while it is being made, then the picture, film or player. */
export class Preview {
  readonly root = element("div", { class: "preview" });
  readonly #task: MediaTask;
  readonly #title: string;
  /** Object URLs hold their bytes until they are revoked. */
  readonly #urls = new Set<string>();
  #disposed = false;

  constructor(task: MediaTask, medium: MediaType, title: string) {
    this.#task = task;
    this.#title = title;
    this.root.append(element("div", { class: "blank" }, icon(medium)));
  }

  /** Shows a picture of the work so far. */
  showWork(picture: Blob): void {
    this.#revoke();
    this.root.replaceChildren(
      element("img", { class: "work", src: this.#url(picture), alt: "The work so far" }),
    );
  }

  /** Downloads and shows the outputs. A failed download can be repeated; the task is not. */
  async showOutputs(): Promise<void> {
    try {
      const figures = await Promise.all(this.#task.outputs.map((output) => this.#figure(output)));
      if (!this.#disposed) this.root.replaceChildren(...figures);
    } catch (error) {
      this.#revoke();
      const again = element("button", { type: "button" }, "Download again");
      again.addEventListener("click", () => void this.showOutputs());
      this.root.replaceChildren(problem(error), again);
    }
  }

  /** Shows nothing more, and gives the bytes back. */
  dispose(): void {
    this.#disposed = true;
    this.#revoke();
    this.root.replaceChildren();
  }

  async #figure(output: MediaOutput): Promise<HTMLElement> {
    const blob = await output.blob();
    const url = this.#url(blob);
    const name = `${fileName(this.#title)}.${output.extension}`;
    const download = element("a", { class: "button", href: url, download: name }, "Download");
    return element(
      "figure",
      {},
      this.#medium(url, blob.type),
      element("figcaption", {}, element("span", {}, facts(output, blob)), download),
    );
  }

  #medium(url: string, type: string): HTMLElement {
    const unplayable = () =>
      medium.replaceWith(element("p", { class: "hint" }, `This browser cannot show ${type}.`));
    let medium: HTMLElement;
    if (type.startsWith("video/")) {
      medium = element("video", { src: url, controls: true, loop: true, playsinline: true });
    } else if (type.startsWith("audio/")) {
      medium = element("audio", { src: url, controls: true });
    } else {
      const picture = element("img", { src: url, alt: this.#title });
      medium = element(
        "button",
        { type: "button", class: "zoom", "aria-label": `Enlarge: ${this.#title}` },
        picture,
      );
      medium.addEventListener("click", () => view(url, this.#title));
      picture.addEventListener("error", unplayable);
      return medium;
    }
    medium.setAttribute("aria-label", this.#title);
    medium.addEventListener("error", unplayable);
    return medium;
  }

  #url(blob: Blob): string {
    const url = URL.createObjectURL(blob);
    this.#urls.add(url);
    if (this.#disposed) this.#revoke();
    return url;
  }

  #revoke(): void {
    for (const url of this.#urls) URL.revokeObjectURL(url);
    this.#urls.clear();
  }
}

function facts(output: MediaOutput, blob: Blob): string {
  const { width, height, duration, seed } = output;
  const known = [
    width !== undefined && height !== undefined ? `${width} × ${height}` : "",
    duration !== undefined ? `${duration.toFixed(1)} s` : "",
    size(blob.size),
    seed !== undefined ? `seed ${seed}` : "",
  ];
  // Lines break between facts and not within them.
  const whole = known.map((fact) => fact.replaceAll(" ", "\u00a0"));
  return whole.filter((fact) => fact !== "").join(" · ");
}

function size(bytes: number): string {
  return bytes < 1_000_000
    ? `${Math.ceil(bytes / 1_000)} kB`
    : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** The words of a prompt as a file name that every system takes. */
function fileName(title: string): string {
  const words = title.toLowerCase().match(/[\p{Letter}\p{Number}]+/gu) ?? [];
  return words.join("-").slice(0, 60) || "media";
}
