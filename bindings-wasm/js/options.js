import { invalid } from "./validity.js";

/** The options of everything that starts a task. */
export const TASK_OPTIONS = { timeout: "number", signal: "AbortSignal", onUpdate: "function" };

/** The options of a call, checked: what is not known is refused, so that nobody relies on it. */
export function optionsOf(options, kinds) {
  const given = options ?? {};
  const issues =
    typeof given === "object" ? problems(given, kinds) : [wrongType("options", "object")];
  if (issues.length > 0) {
    throw invalid("options", issues);
  }
  return given;
}

/** Throws unless an argument that cannot be left out is of its kind. */
export function mustBe(kind, name, value) {
  if (value === undefined || value === null || !isOf(kind, value)) {
    throw invalid("arguments", [wrongType(name, kind)]);
  }
}

function problems(given, kinds) {
  const issues = [];
  for (const [key, value] of Object.entries(given)) {
    if (!Object.hasOwn(kinds, key)) {
      const allowed = Object.keys(kinds);
      issues.push({ path: key, code: "unknown", message: `there is no option '${key}'`, allowed });
    } else if (value !== undefined && value !== null && !isOf(kinds[key], value)) {
      issues.push(wrongType(key, kinds[key]));
    }
  }
  return issues;
}

function isOf(kind, value) {
  return kind === "AbortSignal"
    ? typeof value.addEventListener === "function"
    : typeof value === kind;
}

function wrongType(path, kind) {
  const article = /^[ao]/i.test(kind) ? "an" : "a";
  return { path, code: "type", message: `${path} must be ${article} ${kind}` };
}
