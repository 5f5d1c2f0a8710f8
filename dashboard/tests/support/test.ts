/** The tests' `test`: with a server for each worker, and a page that is logged in. */

import { test as base, type Page } from "@playwright/test";
import { Hanami } from "hanami-sdk";

import { admin, type Server, startServer } from "./server.js";

interface TestFixtures {
  /** A page at the overview, logged in as the admin. Its test fails if a script does, or asks another server. */
  readonly page: Page;
  /** A page that is not logged in. */
  readonly stranger: Page;
}

interface WorkerFixtures {
  readonly server: Server;
  /** A client of the SDK, to prepare what a test needs. */
  readonly hanami: Hanami;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  server: [
    // Playwright reads the names of what is used from the pattern.
    async ({}, use) => {
      const server = await startServer();
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
  hanami: [
    async ({ server }, use) => {
      await use(await Hanami.connect(server.address, admin));
    },
    { scope: "worker" },
  ],
  baseURL: async ({ server }, use) => {
    await use(server.address);
  },
  stranger: async ({ page }, use) => {
    await page.evaluate(() => {
      sessionStorage.clear();
    });
    await page.goto("/login");
    await use(page);
  },
  page: async ({ page, server }, use) => {
    const mistakes: string[] = [];
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (url.protocol !== "data:" && url.protocol !== "blob:" && url.origin !== server.address) {
        mistakes.push(`asks ${url.origin} for something`);
      }
    });
    page.on("pageerror", (error) => mistakes.push(String(error)));
    page.on("console", (message) => {
      // What the content security policy refuses is told there.
      if (message.type() === "error" && message.text().includes("Content Security Policy")) {
        mistakes.push(message.text());
      }
    });
    await logIn(page);
    await use(page);
    test.expect(mistakes, "no script fails").toEqual([]);
  },
});

export const { expect } = test;

/** Logs in by hand, and waits for the overview. */
export async function logIn(page: Page, { user, password } = admin): Promise<void> {
  await page.goto("/login");
  await page.getByLabel("User").fill(user);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
}
