// The package in pages and workers: importing it is enough.

import "./core.js";

export * from "./api.js";
