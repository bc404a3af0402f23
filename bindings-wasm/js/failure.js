/** Why an order gave no files, as the engine writes it; see `sandbox/src/server/renderer.rs`. */
export function failure(kind, message) {
  return JSON.stringify({ kind, message });
}
