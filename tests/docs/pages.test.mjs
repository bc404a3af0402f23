// Every JavaScript block of the README and of docs/ runs as it stands there.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../../", import.meta.url));
// Inside the repository, so that `media-factory` resolves to the workspace's own package.
const folder = join(root, "target", "pages");
await mkdir(folder, { recursive: true });

const docs = (await readdir(join(root, "docs"), { recursive: true })).filter((name) =>
  name.endsWith(".md"),
);
const pages = ["README.md", ...docs.map((name) => join("docs", name))];

let found = 0;
for (const page of pages) {
  const text = await readFile(join(root, page), "utf8");
  const blocks = [...text.matchAll(/^```javascript\n(.*?)^```/gms)].map((match) => match[1]);
  for (const [place, code] of blocks.entries()) {
    found += 1;
    test(`${page} block ${place + 1} runs`, async () => {
      const file = join(folder, `${page.replaceAll(/[^a-z0-9]+/gi, "-")}-${place + 1}.mjs`);
      await writeFile(file, code);
      await promisify(execFile)(process.execPath, [file], { timeout: 120_000 });
    });
  }
}

test("there are blocks to run", () => assert.ok(found >= 2));
