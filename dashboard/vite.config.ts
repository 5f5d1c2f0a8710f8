import { fileURLToPath } from "node:url";

import { svelte } from "@sveltejs/vite-plugin-svelte";
import type { ProxyOptions } from "vite";
import { defineConfig } from "vitest/config";

import { securityHeaders } from "./headers.js";

const sdk = (file: string): string =>
  fileURLToPath(new URL(`../sdk/javascript/src/${file}`, import.meta.url));

/** The server that development and preview hand on to. */
const target = process.env["HANAMI_ADDRESS"] ?? "http://127.0.0.1:11418";

const proxy: Record<string, ProxyOptions> = {
  "^/(control|docs|metrics|healthz|readyz|openapi\\.json)": { target },
  // The websocket shares its path with the page.
  "^/$": { target, ws: true, bypass: (request) => (request.headers.upgrade ? undefined : request.url) },
};

export default defineConfig({
  plugins: [svelte()],
  resolve: {
    // From its source: that needs no build before this one.
    alias: { "hanami-sdk": sdk("index.ts"), "#websocket": sdk("websocket.ts") },
  },
  server: { proxy, hmr: { path: "/__hmr" }, fs: { allow: [".", "../sdk/javascript/src"] } },
  preview: { proxy, headers: securityHeaders },
  build: {
    target: "es2022",
    manifest: true,
    // What has to be passed on with the code of others.
    license: { fileName: "licenses.md" },
    assetsInlineLimit: 0,
    // The scripts' own preload polyfill would be an inline script.
    modulePreload: { polyfill: false },
  },
  test: { include: ["src/**/*.test.ts"] },
});
