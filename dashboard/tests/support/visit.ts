/** Servers of a test's own: to be stopped, or with other settings. */

import type { Browser, Page } from "@playwright/test";
import { Hanami } from "hanami-sdk";

import { admin, type Server, startServer } from "./server.js";
import { logIn } from "./test.js";

/** Logs in at a server that is only there for this; it is stopped afterwards, if it still runs. */
export async function visit(
  browser: Browser,
  environment: Record<string, string>,
  use: (visited: { page: Page; hanami: Hanami; server: Server }) => Promise<void>,
): Promise<void> {
  const started = await startServer(environment);
  let running = true;
  const server: Server = {
    address: started.address,
    stop: async () => {
      if (running) {
        running = false;
        await started.stop();
      }
    },
  };
  const context = await browser.newContext({ baseURL: server.address });
  try {
    const page = await context.newPage();
    const hanami = await Hanami.connect(server.address, admin);
    await logIn(page);
    await use({ page, hanami, server });
  } finally {
    await context.close();
    await server.stop();
  }
}

export const NOWHERE = "00000000-0000-4000-8000-000000000000";
