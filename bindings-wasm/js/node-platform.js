import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import process from "node:process";
import { Worker } from "node:worker_threads";
import { save } from "./node-files.js";
import { nodeTransport } from "./node-transport.js";
import { coreDefect, usePlatform } from "./platform.js";

/** Registries that may have open tasks when the process ends. */
const registries = new Set();

usePlatform({
  environment: (name) => process.env[name],
  connectionsAreScarce: false,
  transport: nodeTransport,
  processors: availableParallelism,
  serverModule: () => readFile(new URL("./media_factory_sandbox_server_bg.wasm", import.meta.url)),
  startRenderer(onMessage, onEnd) {
    // Flags of the process, such as those of `node -e`, mean nothing to a worker, or stop it.
    const file = new URL("./sandbox-worker.node.js", import.meta.url);
    const worker = new Worker(file, { execArgv: [] });
    worker.on("message", onMessage);
    worker.on("error", (error) => onEnd(error.message));
    worker.on("exit", () => onEnd("its worker has ended"));
    worker.unref();
    return {
      post: (message) => worker.postMessage(message),
      end: () => worker.terminate(),
      hold: () => worker.ref(),
      release: () => worker.unref(),
    };
  },
  report: (exception) => console.error("media-factory: a callback threw", exception),
  save,
  adopt(registry) {
    const reference = new WeakRef(registry);
    registries.add(reference);
    collected.register(registry, reference);
  },
});

const collected = new FinalizationRegistry((reference) => registries.delete(reference));

// Running tasks hold the process by their connections; only `process.exit()` gets past them.
process.on("exit", () => {
  const open = [...registries].flatMap((reference) => openTasks(reference.deref()));
  if (open.length > 0) {
    const ids = open.map((task) => task.taskId).join(", ");
    process.stderr.write(`media-factory: the process ends with open tasks: ${ids}\n`);
  }
});

function openTasks(registry) {
  // A core that has ended cannot be asked.
  return registry && !coreDefect()
    ? ["pending", "processing"].flatMap((status) => registry.listTasks(status))
    : [];
}
