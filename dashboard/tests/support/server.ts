/**
 * A Hanami server for the tests of one worker, with an empty data directory. HANAMI_BINARY names the
 * binary; the one that `cargo build` makes in this repository is taken unless it is set.
 *
 * The dashboard is the one within the binary. With DASHBOARD=dist it is the one in `dashboard/dist`
 * instead, shown by Vite's preview in front of the server: that needs no other binary.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { preview } from "vite";

export const repository = fileURLToPath(new URL("../../../", import.meta.url));

export const admin = { user: "admin", password: "correct horse battery" };

export interface Server {
  /** Where the dashboard is. */
  readonly address: string;
  stop(): Promise<void>;
}

/** Starts a server; the environment holds settings, such as HANAMI_TOKEN_LIFETIME_SECONDS. */
export async function startServer(environment: Record<string, string> = {}): Promise<Server> {
  const data = await mkdtemp(join(tmpdir(), "hanami-dashboard-"));
  const child = spawn(binary(), ["serve", "--listen", "127.0.0.1:0", "--data-dir", data], {
    env: {
      HANAMI_ADMIN_USER_ID: admin.user,
      HANAMI_ADMIN_USER_NAME: "Admin",
      HANAMI_ADMIN_PASSWORD: admin.password,
      HANAMI_LOG_FILTER: "warn",
      ...environment,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode === null) {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill();
      await ended;
    }
    await rm(data, { recursive: true });
  };
  const address = await listening(child);
  return process.env["DASHBOARD"] === "dist" ? inFrontOf(address, stop) : { address, stop };
}

async function listening(child: ChildProcess): Promise<string> {
  if (child.stdout !== null) {
    for await (const line of createInterface({ input: child.stdout })) {
      const address = /Hanami listens on (\S+)/.exec(line)?.[1];
      if (address !== undefined) {
        child.stdout.resume();
        return address;
      }
    }
  }
  throw new Error(`the server ended before it listened, with status ${String(child.exitCode)}`);
}

async function inFrontOf(target: string, stop: () => Promise<void>): Promise<Server> {
  process.env["HANAMI_ADDRESS"] = target;
  const root = join(repository, "dashboard");
  const shown = await preview({ root, logLevel: "warn", preview: { port: 0, host: "127.0.0.1" } });
  return {
    address: shown.resolvedUrls?.local[0]?.replace(/\/$/, "") ?? "",
    stop: async () => {
      await shown.close();
      await stop();
    },
  };
}

function binary(): string {
  const built = ["debug", "release"].map((profile) => join(repository, "target", profile, "hanami"));
  const found = process.env["HANAMI_BINARY"] ?? built.find(existsSync);
  if (found === undefined || !existsSync(found)) {
    throw new Error("there is no server to test with: `cargo build` makes one, HANAMI_BINARY names another");
  }
  return found;
}
