import { websocketClass } from "#websocket";

import type { Address } from "./address.js";
import { ConnectionError, type HanamiError, TimeoutError, WebsocketError } from "./errors.js";
import { unlessAborted } from "./pause.js";

/** What a websocket is opened for. */
export interface Purpose {
  readonly token: string;
  readonly target: "cluster" | "file_upload";
  /** The cluster, or the file. */
  readonly uuid: string;
}

/** Milliseconds for the server to take a websocket. */
const PATIENCE = 30_000;

interface Waiting {
  resolve: (answer: Uint8Array) => void;
  reject: (error: HanamiError) => void;
}

/**
 * An open websocket: one answer per frame, in order. `#waiting` holds those who wait for an answer,
 * the first in line first; when the connection ends they are all told why, and so is everyone
 * later.
 */
export class Socket {
  readonly #websocket: WebSocket;
  readonly #openedOrEnded: Promise<void>;
  readonly #closed: Promise<void>;
  readonly #waiting: Waiting[] = [];
  #tellOpenedOrEnded: () => void = () => undefined;
  #end: HanamiError | undefined;

  private constructor(websocket: WebSocket, address: Address) {
    this.#websocket = websocket;
    websocket.binaryType = "arraybuffer";
    websocket.onmessage = ({ data }) => {
      this.#waiting.shift()?.resolve(bytes(data));
    };
    this.#openedOrEnded = new Promise((resolve) => {
      this.#tellOpenedOrEnded = resolve;
    });
    websocket.onopen = this.#tellOpenedOrEnded;
    let detail = `the connection to ${address.toString()} broke`;
    websocket.onerror = (event: Event & { message?: string }) => {
      // What went wrong is in the event in Node only; browsers keep it to themselves.
      detail += event.message ? `: ${event.message}` : "";
      // Node does not always close what it could not open.
      if (websocket.readyState === websocket.CONNECTING) {
        this.#finish(new ConnectionError({ detail }));
      }
    };
    this.#closed = new Promise((resolve) => {
      websocket.onclose = ({ reason, wasClean }) => {
        const told = `the server closed the connection: ${reason || "it gave no reason"}`;
        const byServer = wasClean || reason !== "";
        this.#finish(byServer ? new WebsocketError({ detail: told }) : new ConnectionError({ detail }));
        resolve();
      };
    });
  }

  /** Connects, and says what for. */
  static async open(address: Address, purpose: Purpose, signal?: AbortSignal): Promise<Socket> {
    const Websocket = await websocketClass();
    const socket = new Socket(new Websocket(address.websocket()), address);
    const patience = setTimeout(() => {
      socket.#finish(
        new TimeoutError({ detail: `no websocket from ${address.toString()} within ${String(PATIENCE)} ms` }),
      );
    }, PATIENCE);
    try {
      await unlessAborted(signal, socket.#greet(purpose));
      return socket;
    } catch (error) {
      socket.abandon();
      throw error;
    } finally {
      clearTimeout(patience);
    }
  }

  /** The answer to a frame. */
  send(frame: Uint8Array<ArrayBuffer> | string): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      if (this.#end !== undefined) {
        reject(this.#end);
        return;
      }
      this.#waiting.push({ resolve, reject });
      this.#websocket.send(frame);
    });
  }

  /** Says goodbye, and waits until the server has heard it. */
  async close(): Promise<void> {
    this.abandon();
    await this.#closed;
  }

  /** Says goodbye without waiting. Answers that are still due will not come. */
  abandon(): void {
    this.#finish(new WebsocketError({ detail: "the connection was closed by this client" }));
    this.#websocket.close();
  }

  async #greet(purpose: Purpose): Promise<void> {
    await this.#openedOrEnded;
    const answer = await this.send(JSON.stringify(purpose));
    const welcome = JSON.parse(new TextDecoder().decode(answer)) as { success: boolean; error?: string };
    if (!welcome.success) {
      throw new WebsocketError({ detail: `the server refused: ${welcome.error ?? "it gave no reason"}` });
    }
  }

  #finish(error: HanamiError): void {
    this.#end ??= error;
    this.#tellOpenedOrEnded();
    for (const waiting of this.#waiting.splice(0)) {
      waiting.reject(this.#end);
    }
  }
}

function bytes(data: unknown): Uint8Array {
  return typeof data === "string" ? new TextEncoder().encode(data) : new Uint8Array(data as ArrayBuffer);
}
