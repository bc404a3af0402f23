import { ChoiceField, type Field, FlagField, NumberField, RangeField, TextField } from "./field.ts";
import { PicturesField } from "./pictures-field.ts";
import { PromptField } from "./prompt-field.ts";

/** What the form can ask for: a film of pictures is a video too, but has no prompt. */
export type Mode = "image" | "video" | "film" | "voice";

/** The fields of one mode, in the order in which they are shown. */
export interface Panel {
  prompt?: PromptField;
  options: Field[];
}

const STYLES = [
  "realistic",
  "photographic",
  "cinematic",
  "digital-art",
  "3d-render",
  "artistic",
  "oil-painting",
  "watercolor",
  "anime",
  "cartoon",
  "sketch",
  "pixel-art",
];
const PICTURE_SIZES = ["1024x1024", "768x768", "512x512", "1280x720", "720x1280", "1080p"];
const FILM_SIZES = ["480x270", "640x360", "854x480", "360x640", "720p", "1080p"];
const VOICES = ["neural", "narrator", "kal", "alto", "bass", "treble"];

/** The fields of every mode. A field that several modes share keeps its value between them. */
export function panels(): Record<Mode, Panel> {
  const style = new TextField({
    id: "style",
    label: "Style",
    placeholder: "realistic",
    suggestions: STYLES,
  });
  const seed = new NumberField({
    id: "seed",
    label: "Seed",
    placeholder: "random",
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    step: 1,
  });
  const pictureSize = new TextField({
    id: "picture-resolution",
    name: "resolution",
    label: "Resolution",
    value: "1024x1024",
    suggestions: PICTURE_SIZES,
  });
  const filmSize = new TextField({
    id: "film-resolution",
    name: "resolution",
    label: "Resolution",
    value: "480x270",
    suggestions: FILM_SIZES,
  });
  const duration = new NumberField({
    id: "duration",
    label: "Seconds",
    value: 4,
    min: 0.5,
    max: 300,
    step: 0.5,
  });
  const fps = new NumberField({
    id: "fps",
    label: "Frames per second",
    value: 24,
    min: 1,
    max: 240,
    step: 1,
  });
  return {
    image: {
      prompt: new PromptField({
        name: "prompt",
        label: "Prompt",
        placeholder: "Describe a picture",
        examples: [
          "A futuristic city with flying cars",
          "Sunset over mountains and a lake",
          "Abstract geometric patterns",
        ],
      }),
      options: [style, pictureSize, seed, new FlagField({ id: "hdr", label: "HDR" })],
    },
    video: {
      prompt: new PromptField({
        name: "prompt",
        label: "Prompt",
        placeholder: "Describe a film",
        examples: ["Flying through clouds at sunset", "A city at night in the rain"],
      }),
      options: [
        style,
        filmSize,
        duration,
        fps,
        seed,
        new FlagField({ id: "use_nerf", label: "NeRF camera" }),
      ],
    },
    film: {
      options: [
        new PicturesField({ id: "images", label: "Pictures, in order" }),
        new ChoiceField({
          id: "transitions",
          label: "Transitions",
          choices: ["fade", "crossfade", "wipe", "slide", "none"],
        }),
        filmSize,
        duration,
        fps,
      ],
    },
    voice: {
      prompt: new PromptField({
        name: "text",
        label: "Text",
        placeholder: "Write what is to be said",
        examples: ["Welcome to the Media Factory.", "The birch canoe slid on the smooth planks."],
      }),
      options: [
        new TextField({
          id: "voice",
          label: "Voice name",
          placeholder: "default",
          suggestions: VOICES,
        }),
        new RangeField({
          id: "speed",
          label: "Speed",
          value: 1,
          min: 0.5,
          max: 2,
          step: 0.05,
          format: (value) => `${value.toFixed(2)} ×`,
        }),
        new RangeField({
          id: "pitch",
          label: "Pitch",
          value: 0,
          min: -12,
          max: 12,
          step: 1,
          format: (value) => `${value > 0 ? "+" : ""}${value} semitones`,
        }),
      ],
    },
  };
}
