import { ConnectionError, WebsocketError } from "./errors.js";
import { decodeUploadAnswer, encodeUploadFrame } from "./frames.js";
import { pause, unlessAborted } from "./pause.js";
import type { Session } from "./session.js";
import type { CallOptions } from "./transport.js";

/** How far an upload has come. */
export interface UploadProgress {
  /** Bytes of all files that have arrived, for good. */
  readonly arrived: number;
  /** Bytes of all files. */
  readonly total: number;
}

/** What an upload can be told. */
export interface UploadOptions extends CallOptions {
  /** Is told how far the upload has come, each time that more has arrived. */
  readonly onProgress?: ((progress: UploadProgress) => void) | undefined;
}

/** A file to send, and the uuid to send it to. */
export interface Part {
  readonly uuid: string;
  readonly data: Blob;
}

const CHUNK_BYTES = 128 * 1024;
/** Chunks sent ahead of their answers, so that a far server's line is kept full. */
const CHUNKS_IN_FLIGHT = 8;
/** Connections that may break one after the other without a byte arriving between them. */
const VAIN_TRIES = 3;
const VAIN_PAUSE = 500;

/** An upload of the files of one dataset over websockets. */
export class Upload {
  readonly #session: Session;
  readonly #parts: readonly Part[];
  readonly #options: UploadOptions;
  /** Bytes of the files before the present one. */
  #before = 0;

  constructor(session: Session, parts: readonly Part[], options: UploadOptions) {
    this.#session = session;
    this.#parts = parts;
    this.#options = options;
  }

  /** Sends all files. A connection that breaks is replaced, and goes on where the first ended. */
  async send(): Promise<void> {
    for (const part of this.#parts) {
      await this.#sendPart(part);
      this.#before += part.data.size;
    }
  }

  async #sendPart(part: Part): Promise<void> {
    let arrived = 0;
    let vain = 0;
    while (arrived < part.data.size) {
      const before = arrived;
      try {
        await this.#sendFrom(part, arrived, (position) => {
          arrived = position;
          this.#tell(arrived);
        });
      } catch (error) {
        vain = arrived > before ? 0 : vain + 1;
        if (!(error instanceof ConnectionError) || vain === VAIN_TRIES) {
          throw error;
        }
        await pause(VAIN_PAUSE, this.#options.signal);
      }
    }
  }

  /** Sends what lies behind `start` over one connection; tells up to where all has arrived. */
  async #sendFrom({ uuid, data }: Part, start: number, arrived: (position: number) => void): Promise<void> {
    const { signal } = this.#options;
    const socket = await this.#session.socket("file_upload", uuid, signal);
    const inFlight: { end: number; answer: Promise<Uint8Array> }[] = [];
    const settleFirst = async (): Promise<void> => {
      const first = inFlight.shift();
      if (first !== undefined) {
        accepted(await unlessAborted(signal, first.answer));
        arrived(first.end);
      }
    };
    try {
      for (let position = start; position < data.size; position += CHUNK_BYTES) {
        if (inFlight.length === CHUNKS_IN_FLIGHT) {
          await settleFirst();
        }
        const end = Math.min(position + CHUNK_BYTES, data.size);
        const chunk = new Uint8Array(await data.slice(position, end).arrayBuffer());
        const answer = socket.send(encodeUploadFrame({ position, data: chunk }));
        // Should an earlier answer be bad, this one is not waited for.
        answer.catch(() => undefined);
        inFlight.push({ end, answer });
      }
      while (inFlight.length > 0) {
        await settleFirst();
      }
    } finally {
      socket.abandon();
    }
  }

  #tell(arrived: number): void {
    const total = this.#parts.reduce((sum, { data }) => sum + data.size, 0);
    this.#options.onProgress?.({ arrived: this.#before + arrived, total });
  }
}

function accepted(answer: Uint8Array): void {
  const { success, errorMessage } = decodeUploadAnswer(answer);
  if (!success) {
    throw new WebsocketError({ detail: `the server refused a part of the file: ${errorMessage}` });
  }
}
