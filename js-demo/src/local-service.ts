import { MediaFactoryRegistry, MediaType } from "media-factory";
import { element } from "./element.ts";

/** Where the native service listens unless it was told otherwise. */
const USUAL: Record<MediaType, string> = {
  [MediaType.IMAGE]: "http://127.0.0.1:5000",
  [MediaType.VIDEO]: "http://127.0.0.1:5001",
  [MediaType.VOICE]: "http://127.0.0.1:5009",
};

/** Seconds of silence after which nobody is taken to be there. */
const PATIENCE = 3;

/** The native service on this computer: where it is, whether it answers, and how to start it. */
export class LocalService {
  readonly root: HTMLElement;
  readonly #line = element("p", { role: "status" });
  readonly #help: HTMLElement;
  /** What whoever serves this page says of services that it started. */
  #told: Promise<Record<string, unknown>> | undefined;
  #endpoints = USUAL;
  #medium: MediaType = MediaType.IMAGE;
  /** Counts the questions: only the answer to the newest is shown. */
  #asked = 0;

  constructor() {
    const again = element("button", { type: "button" }, "Look again");
    again.addEventListener("click", () => void this.#look());
    this.#help = element(
      "div",
      { class: "start", hidden: true },
      element("p", {}, "Start it in a terminal:"),
      element("pre", { tabindex: 0, "aria-label": "Command" }, command()),
      again,
    );
    this.root = element("div", { class: "local", hidden: true }, this.#line, this.#help);
    // Whoever went to the terminal comes back to the page.
    window.addEventListener("focus", () => {
      if (!this.root.hidden && this.root.dataset.state === "absent") void this.#look();
    });
  }

  /** Where the medium that was shown last is served. */
  get endpoint(): string {
    return this.#endpoints[this.#medium];
  }

  /** Shows how the service of that medium is. */
  show(medium: MediaType): void {
    const isNews = this.root.hidden || medium !== this.#medium;
    this.#medium = medium;
    this.root.hidden = false;
    if (isNews) void this.#look();
  }

  hide(): void {
    this.root.hidden = true;
  }

  async #look(): Promise<void> {
    this.#asked += 1;
    const question = this.#asked;
    const isOld = () => question !== this.#asked;
    this.#tell("asking", "Looking for the service…");
    this.#told ??= toldByServer();
    const told = await this.#told;
    this.#endpoints = { ...USUAL, ...told };
    const { endpoint } = this;
    try {
      const workflow = MediaFactoryRegistry.getWorkflow(this.#medium, {
        protocol: "service",
        service_endpoint: endpoint,
        request_timeout: PATIENCE,
        retry: { max_attempts: 1 },
      });
      const { service, version } = await workflow.health();
      const name = [service, version].filter((word) => typeof word === "string").join(" ");
      if (!isOld()) this.#tell("ready", `Ready at ${endpoint}${name === "" ? "" : `: ${name}`}`);
    } catch {
      if (!isOld()) this.#tell("absent", `Nothing answers at ${endpoint}.`);
    }
  }

  #tell(state: "asking" | "ready" | "absent", words: string): void {
    this.root.dataset.state = state;
    this.#line.textContent = words;
    this.#help.hidden = state !== "absent";
  }
}

/** Pages of this computer are let in; others have to be named. */
function command(): string {
  const { hostname, origin, protocol } = window.location;
  const isLocal = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  const shown = protocol === "file:" ? "null" : origin;
  const start = "cargo run --release -p media-factory-service";
  return isLocal ? start : `${start} -- --allow-origin ${shown}`;
}

/** Addresses by medium, where the page's server has started services of its own. */
async function toldByServer(): Promise<Record<string, unknown>> {
  try {
    const response = await fetch("./services.json");
    const services: unknown = response.ok ? await response.json() : {};
    const entries = Object.entries(services ?? {}).filter(([, url]) => typeof url === "string");
    return Object.fromEntries(entries);
  } catch {
    // Any other server of files, which knows of none.
    return {};
  }
}
