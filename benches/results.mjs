// Figures from runs, and sections of RESULTS.md from figures.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { ROOT } from "./bare.mjs";

/** How often each figure is made; its median counts. */
export const ROUNDS = 5;

export function median(values) {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The medians, key by key, of objects with the same keys. */
export function medians(runs) {
  const keys = Object.keys(runs[0]);
  return Object.fromEntries(keys.map((key) => [key, median(runs.map((run) => run[key]))]));
}

/** `1,234`; with digits after the point where they matter. */
export function written(number, digits = 0) {
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return number.toLocaleString("en-GB", options);
}

/** Replaces the section of that title; the first row is the head. */
export function write(title, rows, runtime) {
  const input = rows.map((row) => row.join("\t")).join("\n");
  const command = [path.join(ROOT, "benches", "results.py"), title, runtime];
  const options = { input, stdio: ["pipe", "inherit", "inherit"] };
  if (spawnSync(python(), command, options).status !== 0) {
    throw new Error(`the section '${title}' could not be written, see above`);
  }
}

function python() {
  const own = ["bin/python", "Scripts/python.exe"].map((name) => path.join(ROOT, ".venv", name));
  return own.find((program) => existsSync(program)) ?? "python3";
}
