import { makeError } from "./errors.js";

/** The error that lists every problem of `what`. */
export function invalid(what, issues) {
  const message = `invalid ${what}: ${issues.map((issue) => issue.message).join("; ")}`;
  return makeError({ code: "validation", message, issues });
}

/** What a custom `validateParameters` answered, as a list of problems; empty means valid. */
export function problemsOf(answer) {
  if (answer === true) {
    return [];
  }
  if (answer === false) {
    return [issueOf("the parameters are not valid")];
  }
  if (Array.isArray(answer)) {
    return answer.map(issueOf);
  }
  throw makeError({
    code: "config",
    message: `validateParameters() answered ${describe(answer)}`,
    hint: "answer true, false or a list of problems, and not a promise of one",
  });
}

function issueOf(problem) {
  if (typeof problem === "object" && problem !== null) {
    return { path: "", code: "format", message: "a parameter is not valid", ...problem };
  }
  return { path: "", code: "format", message: String(problem) };
}

function describe(answer) {
  return typeof answer?.then === "function" ? "a promise" : `a value of type ${typeof answer}`;
}
