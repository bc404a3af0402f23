/**
 * Whether the core reads `value` as a dictionary: objects of another realm have another
 * `Object.prototype`, which has no prototype either.
 */
export function isPlain(value) {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
