/** Prints how much a browser loads before the first page is shown, and fails if that is too much. */

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

/** Bytes, compressed as the server does it. */
const LIMIT = 300 * 1024;

const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));

/** The files that come with an entry of the manifest: what it imports at once, and its styles. */
function files(name, found = new Set()) {
  const { file, css = [], imports = [] } = manifest[name];
  if (!found.has(file)) {
    for (const one of [file, ...css]) {
      found.add(one);
    }
    for (const next of imports) {
      files(next, found);
    }
  }
  return found;
}

const entry = Object.keys(manifest).find((name) => manifest[name].isEntry);
const common = [...files(entry), "index.html", "theme.js", "icon.svg"];
const pages = Object.keys(manifest).filter((name) => name.startsWith("src/pages/"));
const size = (names) =>
  names.reduce((sum, name) => sum + gzipSync(readFileSync(new URL(name, dist)), { level: 9 }).length, 0);

const loads = pages.map((page) => ({ page, bytes: size([...new Set([...common, ...files(page)])]) }));
loads.sort((a, b) => b.bytes - a.bytes);
const largest = loads[0];
console.log(
  `dashboard: ${size(common)} bytes gzipped, ${largest.bytes} with the largest page, ${largest.page} (at most ${LIMIT})`,
);
if (largest.bytes > LIMIT) {
  process.exitCode = 1;
}
