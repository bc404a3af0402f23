import { type Config, MediaType } from "media-factory";
import { part } from "./element.ts";
import { type Field, SecretField, TextField } from "./field.ts";
import { LocalService } from "./local-service.ts";

/** Where the page keeps the endpoints between visits. The API key is kept nowhere. */
const STORE = "media-factory-demo";

const PLACES = ["sandbox", "local", "service"] as const;
/** Who makes the media: this page, the service on this computer, or one anywhere. */
type Place = (typeof PLACES)[number];

const DEFAULT_ENDPOINTS: Record<MediaType, string> = {
  [MediaType.IMAGE]: "http://image-generation-service:5000",
  [MediaType.VIDEO]: "http://video-generation-service:5001",
  [MediaType.VOICE]: "http://voice-generation-service:5009",
};

/** Asks who makes the media, and where one service per medium is. */
export class Settings {
  readonly #fieldset = part("settings", HTMLFieldSetElement);
  readonly #service = part("service", HTMLDivElement);
  readonly #endpoint = new TextField({ id: "service_endpoint", label: "Endpoint" });
  readonly #key = new SecretField({
    id: "api_key",
    label: "API key",
    hint: "Sent to this endpoint only, and forgotten with the page.",
  });
  readonly #local = new LocalService();
  readonly #keys: Partial<Record<MediaType, string>> = {};
  readonly #endpoints: Partial<Record<MediaType, string>>;
  #medium: MediaType = MediaType.IMAGE;

  constructor() {
    const stored = load();
    this.#endpoints = stored.endpoints;
    this.#service.append(this.#endpoint.root, this.#key.root);
    this.#service.before(this.#local.root);
    for (const radio of this.#radios()) {
      radio.checked = radio.value === stored.place;
      radio.addEventListener("change", () => this.#changed());
    }
    this.#service.addEventListener("input", () => this.#changed());
    this.show(MediaType.IMAGE);
  }

  /** The fields that configuration problems are about. */
  get fields(): Field[] {
    return this.#place === "service" ? [this.#endpoint, this.#key] : [];
  }

  /** Shows the endpoint and the key of that medium. */
  show(medium: MediaType): void {
    this.#medium = medium;
    this.#showPlace();
    this.#endpoint.placeholder = DEFAULT_ENDPOINTS[medium];
    this.#endpoint.write(this.#endpoints[medium]);
    this.#key.write(this.#keys[medium]);
    for (const field of this.fields) field.tell("");
  }

  /** The configuration of a workflow. */
  config(): Config {
    switch (this.#place) {
      case "sandbox":
        return { protocol: "sandbox" };
      case "local":
        return { protocol: "service", service_endpoint: this.#local.endpoint };
      case "service":
        return {
          protocol: "service",
          service_endpoint: this.#endpoint.read() ?? null,
          api_key: this.#key.read() ?? null,
        };
    }
  }

  get #place(): Place {
    return placeOf(this.#radios().find((radio) => radio.checked)?.value);
  }

  #radios(): HTMLInputElement[] {
    return [...this.#fieldset.querySelectorAll<HTMLInputElement>("input[name=place]")];
  }

  #changed(): void {
    this.#endpoints[this.#medium] = this.#endpoint.read() ?? "";
    this.#keys[this.#medium] = this.#key.read() ?? "";
    this.#showPlace();
    save({ place: this.#place, endpoints: this.#endpoints });
  }

  #showPlace(): void {
    this.#service.hidden = this.#place !== "service";
    if (this.#place === "local") this.#local.show(this.#medium);
    else this.#local.hide();
  }
}

/** The place of that name; the sandbox for whatever else was stored. */
function placeOf(name: unknown): Place {
  return PLACES.find((place) => place === name) ?? "sandbox";
}

interface Stored {
  place: Place;
  endpoints: Partial<Record<MediaType, string>>;
}

function load(): Stored {
  const fresh: Stored = { place: "sandbox", endpoints: {} };
  try {
    const stored = JSON.parse(localStorage.getItem(STORE) ?? "null");
    fresh.place = placeOf(stored?.place);
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
