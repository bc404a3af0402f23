import { MediaFactoryError, type ValidationIssue } from "media-factory";
import { element } from "./element.ts";

/** An error as text: what happened, its stable code, and what to do next. */
export function problem(error: unknown): HTMLElement {
  if (!(error instanceof MediaFactoryError)) {
    const message = error instanceof Error ? error.message : String(error);
    return box("internal", message);
  }
  return box(error.code, error.message, error.hint);
}

/** Problems that no field of the form is about. */
export function issueList(issues: ValidationIssue[]): HTMLElement {
  const items = issues.map((issue) =>
    element("li", {}, element("code", {}, issue.path), ` ${sentence(issue)}`),
  );
  return element("ul", { class: "issues" }, ...items);
}

/** One problem with a value, its code, and what was probably meant. */
export function sentence(issue: ValidationIssue): string {
  const meant = issue.suggestion === undefined ? "" : ` Did you mean ${issue.suggestion}?`;
  return `${issue.message}.${meant} (${issue.code})`;
}

function box(code: string, message: string, hint?: string): HTMLElement {
  const lines: Node[] = [element("p", {}, message)];
  if (hint !== undefined) lines.push(element("p", { class: "hint" }, hint));
  return element("div", { class: "problem-box" }, element("code", {}, code), ...lines);
}
