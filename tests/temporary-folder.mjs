// A folder for one test, or for one file of tests.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Its path; it is removed after the test of `context`, or with `node:test` itself after them all. */
export async function temporaryFolder(context) {
  const folder = await mkdtemp(join(tmpdir(), "media-factory-"));
  context.after(() => rm(folder, { recursive: true }));
  return folder;
}
