// The neural voice in a worker: loaded with the first job that asks for it, then kept.

import init, { NeuralVoice } from "../pkg/media_factory_neural_voice.js";
import { failure } from "./failure.js";

let voice;

/** Whether a job finds it loaded. */
export function isLoaded() {
  return voice !== undefined;
}

/**
 * Its function of phones, speed, pitch and liveliness. `module` and `model` are the addresses that
 * `neural-voice.js` gives, and `read` gives the bytes at one.
 */
export async function neuralVoice({ module, model }, read) {
  voice ??= await load(module, model, read);
  return (...wishes) => voice.say(...wishes);
}

async function load(module, model, read) {
  const [code, network] = await Promise.all([fetched(module, read), fetched(model, read)]);
  await init({ module_or_path: code });
  return new NeuralVoice(network);
}

async function fetched(address, read) {
  try {
    return await read(address);
  } catch (error) {
    const words = `the neural voice could not be loaded from ${address} (${error.message})`;
    throw failure("unreachable", `${words}: see that the file is there, and try again`);
  }
}
