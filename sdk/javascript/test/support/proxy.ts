/** A line to a server that a test can cut. */

import { connect, createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";

export class Proxy implements AsyncDisposable {
  /** How often connections were broken. */
  cuts = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #refusing = false;
  /** Bytes of clients until all connections break. */
  #left = Infinity;

  private constructor(target: URL) {
    this.#server = createServer((client) => {
      if (this.#refusing) {
        client.destroy();
        return;
      }
      const server = connect(Number(target.port), target.hostname);
      client.on("data", (data) => {
        this.#left -= data.length;
        if (this.#left <= 0) {
          this.#left = Infinity;
          this.cut();
        }
      });
      for (const [from, to] of [
        [client, server],
        [server, client],
      ] as const) {
        this.#sockets.add(from);
        from.pipe(to);
        from.on("error", () => to.destroy());
        from.on("close", () => {
          this.#sockets.delete(from);
          to.destroy();
        });
      }
    });
  }

  static async start(target: string): Promise<Proxy> {
    const proxy = new Proxy(new URL(target));
    await new Promise<void>((resolve) => proxy.#server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get address(): string {
    return `127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  /** Breaks all connections. */
  cut(): void {
    this.cuts += 1;
    for (const socket of this.#sockets) {
      socket.resetAndDestroy();
    }
  }

  /** Breaks all connections once, when clients have sent so many bytes more. */
  cutAfter(bytes: number): void {
    this.#left = bytes;
  }

  /** Breaks all connections, and those to come. */
  refuse(): void {
    this.#refusing = true;
    this.cut();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.refuse();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
