import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "tests",
  tsconfig: "tests/tsconfig.json",
  outputDir: "test-results",
  // Each worker has a server of its own, and the machine may be small.
  workers: 2,
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    // Debian's, so that nothing is downloaded.
    launchOptions: {
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--use-gl=angle",
        "--use-angle=swiftshader",
        "--enable-unsafe-swiftshader",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
    locale: "en",
    timezoneId: "UTC",
    viewport: { width: 1280, height: 800 },
    reducedMotion: "reduce",
    trace: "off",
  },
});
