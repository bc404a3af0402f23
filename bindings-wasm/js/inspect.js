/** The method that `console.log` asks in Node. */
export const INSPECT = Symbol.for("nodejs.util.inspect.custom");
