// Every fault at every operation, in Node.

import { after, before, test } from "node:test";
import { MediaFactoryRegistry } from "media-factory";
import { NativeService } from "./native-service.mjs";
import { runCase } from "./run-case.js";
import { cases, check } from "./table.mjs";

let service;
before(async () => {
  service = await NativeService.start(["image", "video"]);
});
after(() => service?.kill());

for (const row of cases("node")) {
  test(row.name, () =>
    check(service, row, () => runCase(MediaFactoryRegistry, service.endpoints[row.medium], row)),
  );
}
