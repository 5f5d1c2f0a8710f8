/** The samples of the README are one program, which compiles and does what it says. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { folder as scenarios } from "./support/scenario.js";
import { Server } from "./support/server.js";

const run = promisify(execFile);
const root = fileURLToPath(new URL("..", import.meta.url));

test("the samples of the README work", async () => {
  await using server = await Server.start();
  const readme = await readFile(join(root, "README.md"), "utf8");
  const samples = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, sample = ""]) => sample);
  assert.ok(samples.length >= 8);
  const program = samples.join("\n").replaceAll("127.0.0.1:11418", server.address);

  const sources = join(root, "build/samples");
  await mkdir(sources, { recursive: true });
  await writeFile(join(sources, "readme.ts"), program);
  const config = {
    extends: "../../tsconfig.test.json",
    compilerOptions: { rootDir: ".", outDir: ".", noUnusedLocals: false, sourceMap: false },
    include: ["readme.ts"],
  };
  await writeFile(join(sources, "tsconfig.json"), JSON.stringify(config));
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const compiled = await run(process.execPath, [compiler, "-p", sources]).catch((error: unknown) => error);
  assert.ok(!(compiled instanceof Error), (compiled as { stdout: string }).stdout);

  const cwd = await mkdtemp(join(tmpdir(), "hanami-sdk-"));
  try {
    await cp(join(scenarios, "data"), cwd, { recursive: true });
    const { stdout } = await run(process.execPath, [join(sources, "readme.js")], { cwd });
    for (const line of [
      /^finished, 100 %$/m,
      /^wear: -?[\d.]+$/m,
      /^(\d+) of \1 bytes$/m,
      /^308$/m,
      /^2990 samples, loss [\d.e-]+$/m,
      /^\d+ answers, [\d.]+ % right, error [\d.e-]+$/m,
      /^there is already a cluster/m,
      /^admin$/m,
      /^\d{4}-.*Z admin PUT v1\/project\/quota$/m,
    ]) {
      assert.match(stdout, line);
    }
  } finally {
    await rm(cwd, { recursive: true });
  }
});
