// Every fault at every operation, in Node.

import { after, before, test } from "node:test";
import { MediaFactoryRegistry } from "media-factory";
import { NativeService } from "../native-service.mjs";
import { runCase } from "./run-case.js";
import { cases, check } from "./table.mjs";

let service;
before(async () => {
  service = await NativeService.start(["--faults", "--only", "image", "--only", "video"]);
});
after(() => service?.end());

for (const row of cases("node")) {
  test(row.name, () =>
    check(service, row, () => runCase(MediaFactoryRegistry, service.urls[row.medium], row)),
  );
}
