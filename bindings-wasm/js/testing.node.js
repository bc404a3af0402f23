// `media-factory/testing` in Node.

import "./node-platform.js";

export * from "./testing.js";
