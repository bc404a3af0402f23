// The package in Node: its own HTTP client, its environment, files to save to.

import "./core.js";
import "./node-platform.js";

export * from "./api.js";
