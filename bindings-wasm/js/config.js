// A workflow's configuration as it was given, which code may read and no log may tell.

import { INSPECT } from "./inspect.js";

const HIDDEN = "***";

/** A frozen copy that shows its secrets to whoever names them, and to nobody who prints it. */
export function discreet(config) {
  const copy = { ...config };
  const value = () => masked(copy);
  Object.defineProperties(copy, { toJSON: { value }, [INSPECT]: { value } });
  return Object.freeze(copy);
}

function masked(config) {
  const shown = { ...config };
  if (isGiven(shown.api_key)) {
    shown.api_key = HIDDEN;
  }
  if (isGiven(shown.headers)) {
    const names = Object.keys(shown.headers);
    shown.headers = Object.fromEntries(names.map((name) => [name, HIDDEN]));
  }
  return shown;
}

function isGiven(value) {
  return value !== undefined && value !== null;
}
