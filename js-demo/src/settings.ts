import { type Config, MediaType } from "media-factory";
import { part } from "./element.ts";
import { type Field, SecretField, TextField } from "./field.ts";

/** Where the page keeps the endpoints between visits. The API key is kept nowhere. */
const STORE = "media-factory-demo";

const DEFAULT_ENDPOINTS: Record<MediaType, string> = {
  [MediaType.IMAGE]: "http://image-generation-service:5000",
  [MediaType.VIDEO]: "http://video-generation-service:5001",
  [MediaType.VOICE]: "http://voice-generation-service:5009",
};

/** Who makes the media: the sandbox in this page, or one service per medium. */
export class Settings {
  readonly #fieldset = part("settings", HTMLFieldSetElement);
  readonly #service = part("service", HTMLDivElement);
  readonly #endpoint = new TextField({ id: "service_endpoint", label: "Endpoint" });
  readonly #key = new SecretField({
    id: "api_key",
    label: "API key",
    hint: "Sent to this endpoint only, and forgotten with the page.",
  });
  readonly #keys: Partial<Record<MediaType, string>> = {};
  readonly #endpoints: Partial<Record<MediaType, string>>;
  #medium: MediaType = MediaType.IMAGE;

  constructor() {
    const stored = load();
    this.#endpoints = stored.endpoints;
    this.#service.append(this.#endpoint.root, this.#key.root);
    for (const radio of this.#radios()) {
      radio.checked = radio.value === stored.protocol;
      radio.addEventListener("change", () => this.#changed());
    }
    this.#service.addEventListener("input", () => this.#changed());
    this.show(MediaType.IMAGE);
  }

  /** The fields that configuration problems are about. */
  get fields(): Field[] {
    return this.#protocol === "service" ? [this.#endpoint, this.#key] : [];
  }

  /** Shows the endpoint and the key of that medium. */
  show(medium: MediaType): void {
    this.#medium = medium;
    this.#service.hidden = this.#protocol === "sandbox";
    this.#endpoint.placeholder = DEFAULT_ENDPOINTS[medium];
    this.#endpoint.write(this.#endpoints[medium]);
    this.#key.write(this.#keys[medium]);
    for (const field of this.fields) field.tell("");
  }

  /** The configuration of a workflow. */
  config(): Config {
    if (this.#protocol === "sandbox") return { protocol: "sandbox" };
    return {
      protocol: "service",
      service_endpoint: this.#endpoint.read() ?? null,
      api_key: this.#key.read() ?? null,
    };
  }

  get #protocol(): string {
    return this.#radios().find((radio) => radio.checked)?.value ?? "sandbox";
  }

  #radios(): HTMLInputElement[] {
    return [...this.#fieldset.querySelectorAll<HTMLInputElement>("input[name=protocol]")];
  }

  #changed(): void {
    this.#endpoints[this.#medium] = this.#endpoint.read() ?? "";
    this.#keys[this.#medium] = this.#key.read() ?? "";
    this.#service.hidden = this.#protocol === "sandbox";
    save({ protocol: this.#protocol, endpoints: this.#endpoints });
  }
}

interface Stored {
  protocol: string;
  endpoints: Partial<Record<MediaType, string>>;
}

function load(): Stored {
  const fresh: Stored = { protocol: "sandbox", endpoints: {} };
  try {
    const stored = JSON.parse(localStorage.getItem(STORE) ?? "null");
    if (stored?.protocol === "service") fresh.protocol = "service";
    for (const medium of Object.values(MediaType)) {
      const endpoint = stored?.endpoints?.[medium];
      if (typeof endpoint === "string") fresh.endpoints[medium] = endpoint;
    }
  } catch {
    // A browser may forbid storage, and anybody may write nonsense into it. Both mean: a first visit.
  }
  return fresh;
}

function save(stored: Stored): void {
  try {
    localStorage.setItem(STORE, JSON.stringify(stored));
  } catch {
    // Without storage the endpoint has to be typed again; nothing else depends on it.
  }
}
