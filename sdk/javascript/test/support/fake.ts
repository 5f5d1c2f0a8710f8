/** A server that says what a test wants to hear. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as the fake saw it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly token: string | undefined;
  readonly body: string;
}

/** Answers a request: with JSON, or with `respond` in any way. */
export type Script = (seen: Seen, respond: ServerResponse) => unknown;

export class Fake implements AsyncDisposable {
  readonly seen: Seen[] = [];
  readonly server: Server;

  private constructor(script: Script) {
    this.server = createServer((request, response) => {
      void this.#answer(request, response, script);
    });
  }

  static async start(script: Script): Promise<Fake> {
    const fake = new Fake(script);
    await new Promise<void>((resolve) => fake.server.listen(0, "127.0.0.1", resolve));
    return fake;
  }

  get address(): string {
    return `127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  /** How often `method` `path` was asked for. */
  count(method: string, path: string): number {
    return this.seen.filter((seen) => seen.method === method && seen.path === path).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse, script: Script): Promise<void> {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) {
      body += chunk as string;
    }
    const url = new URL(request.url ?? "/", "http://fake");
    const seen: Seen = {
      method: request.method ?? "",
      path: url.pathname.replace("/control/v1", ""),
      query: url.searchParams,
      token: request.headers["x-auth-token"] as string | undefined,
      body,
    };
    this.seen.push(seen);
    const answer = await script(seen, response);
    if (answer !== undefined) {
      response.end(JSON.stringify(answer));
    }
  }
}

/** Answers an error as Hanami does. */
export function problem(
  response: ServerResponse,
  status: number,
  code: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/problem+json", ...headers });
  const body = { type: `/docs/errors#${code}`, title: `Title of ${code}`, status, code };
  response.end(JSON.stringify({ ...body, detail: `detail of ${code}`, request_id: "r-17" }));
}
