/** The SDK as a browser gets it: one file, without what only Node needs. */

import { build } from "esbuild";

export async function bundle() {
  const { outputFiles } = await build({
    stdin: { contents: 'export * from "hanami-sdk";', resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    write: false,
  });
  return outputFiles[0].contents;
}
