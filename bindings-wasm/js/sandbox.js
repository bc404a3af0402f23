// The way to the sandbox's server: a module of its own, loaded with the first request to it.

import { fault } from "./fault.js";

/** A transport to a server of its own, whose tasks and files nobody else sees. */
export function sandboxTransport() {
  let server;
  let starting;
  const start = async () => {
    const { makeServer } = await import("./sandbox-server.js");
    server = await makeServer();
  };
  return {
    send(...request) {
      if (server !== undefined) {
        return server.send(...request);
      }
      starting ??= start().catch((error) => {
        // A download that failed may be tried again.
        starting = undefined;
        throw fault("connect", "never", error);
      });
      return new Pending(starting.then(() => server.send(...request)));
    },
  };
}

/** An exchange whose server is still being started. */
class Pending {
  #exchange;

  constructor(exchange) {
    this.#exchange = exchange;
    this.head = exchange.then(({ head }) => head);
  }

  abort() {
    this.#exchange.then(
      (exchange) => exchange.abort(),
      () => {},
    );
  }
}
