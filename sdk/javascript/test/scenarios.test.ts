import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { folder, Run, type Scenario } from "./support/scenario.js";
import { Server } from "./support/server.js";

const files = readdirSync(folder).filter((name) => name.endsWith(".json") && name !== "frames.json");
assert.ok(files.length > 0, `there are no scenarios in ${folder}`);

for (const file of files) {
  const scenario = JSON.parse(readFileSync(join(folder, file), "utf8")) as Scenario;
  test(`${file}: ${scenario.about}`, async () => {
    await using server = await Server.start(scenario.server);
    const run = await Run.start(server);
    await run.steps(scenario.steps);
  });
}
