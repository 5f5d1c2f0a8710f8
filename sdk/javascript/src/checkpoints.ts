import type { Change, Entry } from "./clusters.js";
import { blob, type Source } from "./sources.js";
import type { Session } from "./session.js";
import type { CallOptions, Request } from "./transport.js";
import { type Ref, uuidOf } from "./words.js";

/** A cluster's network and template as they were when it was saved. */
export interface Checkpoint extends Entry {
  /** Where the server keeps it, relative to its data directory. */
  readonly location: string;
  /** Training steps that its network has taken. */
  readonly steps: number;
}

/** Checkpoints. They are made with {@link Clusters.save} and used with {@link Clusters.load}. */
export class Checkpoints {
  readonly #session: Session;

  /** @internal */
  constructor(session: Session) {
    this.#session = session;
  }

  /** A checkpoint; there is none until the task that saves is finished. */
  async get(checkpoint: Ref, options: CallOptions = {}): Promise<Checkpoint> {
    return this.#session.get<Checkpoint>("/checkpoint", { uuid: uuidOf(checkpoint) }, options);
  }

  /** All checkpoints that the user may see. */
  async list(options: CallOptions = {}): Promise<Entry[]> {
    return this.#session.list<Entry>("/checkpoint/all", {}, options);
  }

  /** Changes the name or the visibility of a checkpoint. */
  async update(checkpoint: Ref, change: Change, options: CallOptions = {}): Promise<Entry> {
    return this.#session.put<Entry>("/checkpoint", { uuid: uuidOf(checkpoint), ...change }, options);
  }

  /**
   * The file of a checkpoint, to read, stream or save; {@link Checkpoints.upload} takes it. Its body
   * fails if the connection breaks.
   */
  async download(checkpoint: Ref, options: CallOptions = {}): Promise<Response> {
    return this.#session.open("/checkpoint/download", { uuid: uuidOf(checkpoint) }, options);
  }

  /**
   * Makes a checkpoint of a file that was downloaded, from this server or another one.
   *
   * @throws {@link BadRequestError} if the file is damaged or is no checkpoint.
   */
  async upload(
    { name, file }: { readonly name: string; readonly file: Source },
    options: CallOptions = {},
  ): Promise<{ uuid: string; name: string }> {
    const request: Request = {
      method: "POST",
      path: "/checkpoint/upload",
      query: { name },
      bytes: blob(file),
    };
    return this.#session.json(request, { timeout: 0, ...options });
  }

  /** Deletes a checkpoint. Loads of it that are queued go on. */
  async delete(checkpoint: Ref, options: CallOptions = {}): Promise<void> {
    await this.#session.delete("/checkpoint", { uuid: uuidOf(checkpoint) }, options);
  }
}
