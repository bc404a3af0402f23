/** Root mean square of the 16-bit samples of a WAV file, 0 to 32,767. */
export function loudnessOf(wav) {
  const start = wav.indexOf("data") + 8;
  let [sum, count] = [0, 0];
  for (let at = start; at + 1 < wav.length; at += 2, count += 1) sum += wav.readInt16LE(at) ** 2;
  return Math.sqrt(sum / count);
}
