// One golden job through the public API, in Node and in a page alike.

/** Digests of what a job makes. `read` gives the bytes of an input by its file's name. */
export async function runJob(registry, { medium, parameters, inputs }, read) {
  const asked = { ...parameters };
  for (const [parameter, files] of Object.entries(inputs ?? {})) {
    asked[parameter] = Array.isArray(files)
      ? await Promise.all(files.map(read))
      : await read(files);
  }
  const { outputs } = await registry.getWorkflow(medium).process(asked).wait({ timeout: 240 });
  return Promise.all(outputs.map(digest));
}

async function digest(output) {
  const hash = await crypto.subtle.digest("SHA-256", await output.arrayBuffer());
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
