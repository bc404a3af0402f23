import { randomUUID } from "node:crypto";
import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, extname, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Writes an output and gives its path: with the extension that fits where the path has none, as
 * `output`, `output-2` and so on inside a folder.
 */
export async function save(path, bytes, extension, overwrite) {
  const wanted = path instanceof URL ? fileURLToPath(path) : String(path);
  if (/[\\/]$/.test(wanted) || (await isFolder(wanted))) {
    return saveInside(wanted, bytes, extension);
  }
  const target = resolve(extname(wanted) === "" ? `${wanted}.${extension}` : wanted);
  await mkdir(dirname(target), { recursive: true });
  await (overwrite ? replace(target, bytes) : create(target, bytes));
  return target;
}

async function saveInside(folder, bytes, extension) {
  await mkdir(folder, { recursive: true });
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? "output" : `output-${number}`;
    const target = join(resolve(folder) + sep, `${name}.${extension}`);
    try {
      await create(target, bytes);
      return target;
    } catch (error) {
      if (error.code !== "EEXIST") {
        throw error;
      }
    }
  }
}

/** Writes a new file, or none at all. */
async function create(target, bytes) {
  try {
    await writeFile(target, bytes, { flag: "wx" });
  } catch (error) {
    if (error.code !== "EEXIST") {
      await rm(target, { force: true });
    }
    throw error;
  }
}

/** Puts a new file in the place of another, which stays when writing fails. */
async function replace(target, bytes) {
  const part = `${target}.${randomUUID()}.part`;
  await create(part, bytes);
  try {
    await rename(part, target);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

async function isFolder(path) {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
