// The sandbox's server: this file and its module are loaded when somebody first uses the sandbox.

import init, { SandboxServer } from "../pkg/media_factory_sandbox_server.js";
import { platform } from "./platform.js";

let started;

/** A server without tasks. */
export async function makeServer() {
  started ??= init({ module_or_path: platform().serverModule() });
  try {
    await started;
  } catch (error) {
    started = undefined;
    throw error;
  }
  return new SandboxServer();
}
