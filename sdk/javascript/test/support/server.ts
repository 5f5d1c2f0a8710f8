/** A Hanami server for one test, with an empty data directory. */

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { Hanami } from "hanami-sdk";

export const repository = fileURLToPath(new URL("../../../../", import.meta.url));

export const admin = { user: "admin", password: "correct horse battery" };

export class Server implements AsyncDisposable {
  readonly address: string;
  readonly #process: ChildProcess;
  readonly #data: string;

  private constructor(address: string, process: ChildProcess, data: string) {
    this.address = address;
    this.#process = process;
    this.#data = data;
  }

  static async start(environment: Record<string, string> = {}): Promise<Server> {
    const data = await mkdtemp(join(tmpdir(), "hanami-sdk-"));
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
    for await (const line of createInterface({ input: child.stdout })) {
      const address = /Hanami listens on (\S+)/.exec(line)?.[1];
      if (address !== undefined) {
        child.stdout.resume();
        return new Server(address, child, data);
      }
    }
    throw new Error(`the server ended before it listened, with status ${String(child.exitCode)}`);
  }

  connect(): Promise<Hanami> {
    return Hanami.connect(this.address, admin);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill();
    await ended;
    await rm(this.#data, { recursive: true });
  }
}

function binary(): string {
  const built = ["debug", "release"].map((profile) => join(repository, "target", profile, "hanami"));
  const found = process.env["HANAMI_BINARY"] ?? built.find(existsSync);
  if (found === undefined || !existsSync(found)) {
    throw new Error(
      "there is no server to test against: `cargo build` makes one, HANAMI_BINARY names another",
    );
  }
  return found;
}
