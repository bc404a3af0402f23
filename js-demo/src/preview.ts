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
  async showWork(picture: MediaOutput): Promise<void> {
    const blob = await picture.blob();
    // The work may be done by now, and shown itself.
    if (this.#disposed || this.#task.isFinished) return;
    this.#revoke();
    this.root.replaceChildren(
      element("img", { class: "work", src: this.#url(blob), alt: "The work so far" }),
    );
  }

  /** Downloads and shows the outputs. A failed download can be repeated; the task is not. */
  async showOutputs(): Promise<void> {
    const { outputs } = this.#task;
    try {
      const files = await Promise.all(
        outputs.map(async (output) => ({ output, blob: await output.blob() })),
      );
      if (this.#disposed) return;
      this.#revoke();
      this.root.replaceChildren(...files.map(({ output, blob }) => this.#figure(output, blob)));
    } catch (error) {
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

  #figure(output: MediaOutput, blob: Blob): HTMLElement {
    const url = this.#url(blob);
    const name = `${fileName(this.#title)}.${output.extension}`;
    const medium = this.#medium(url, blob.type);
    // The event of a picture does not bubble out of its button, but it can be caught on its way in.
    medium.addEventListener("error", () => medium.replaceWith(unplayable(blob.type)), true);
    return element(
      "figure",
      {},
      medium,
      element(
        "figcaption",
        {},
        element("span", {}, facts(output, blob)),
        element("a", { class: "button", href: url, download: name }, "Download"),
      ),
    );
  }

  #medium(url: string, type: string): HTMLElement {
    const label = { "aria-label": this.#title };
    if (type.startsWith("video/")) {
      return element("video", {
        ...label,
        src: url,
        controls: true,
        loop: true,
        playsinline: true,
      });
    }
    if (type.startsWith("audio/")) return element("audio", { ...label, src: url, controls: true });
    const zoom = element(
      "button",
      { type: "button", class: "zoom", "aria-label": `Enlarge: ${this.#title}` },
      element("img", { src: url, alt: this.#title }),
    );
    zoom.addEventListener("click", () => view(url, this.#title));
    return zoom;
  }

  #url(blob: Blob): string {
    const url = URL.createObjectURL(blob);
    this.#urls.add(url);
    return url;
  }

  #revoke(): void {
    for (const url of this.#urls) URL.revokeObjectURL(url);
    this.#urls.clear();
  }
}

function unplayable(type: string): HTMLElement {
  return element("p", { class: "hint" }, `This browser cannot show ${type}.`);
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
  return Array.from(words.join("-")).slice(0, 60).join("") || "media";
}
