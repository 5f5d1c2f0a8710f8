/** Prints how large the SDK is in a browser, and fails if that is more than it may be. */

import { gzipSync } from "node:zlib";

import { bundle } from "./bundle.js";

const LIMIT = 10_000;

const code = await bundle();
const size = gzipSync(code, { level: 9 }).length;
console.log(`hanami-sdk: ${code.length} bytes minified, ${size} gzipped (at most ${LIMIT})`);
if (size > LIMIT) {
  process.exitCode = 1;
}
