// Where a workflow belongs while it is constructed: a user's own constructor passes nothing on, so
// that it cannot travel as an argument. A home connects a class and its configuration to a core.

let current;
let fallback;

/** Says how to find the home of workflows that are constructed directly. */
export function useFallback(find) {
  fallback = find;
}

/** Constructs a workflow that belongs to `home`. */
export function within(home, construct) {
  const outer = current;
  current = home;
  try {
    return construct();
  } finally {
    current = outer;
  }
}

/** The home of the workflow that is being constructed. */
export function takeHome() {
  const home = current ?? fallback();
  // A constructor may construct other workflows, which belong elsewhere.
  current = undefined;
  return home;
}
