import type { Entry } from "./clusters.js";
import type { Session } from "./session.js";
import type { CallOptions } from "./transport.js";
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

  /** Deletes a checkpoint. Loads of it that are queued go on. */
  async delete(checkpoint: Ref, options: CallOptions = {}): Promise<void> {
    await this.#session.delete("/checkpoint", { uuid: uuidOf(checkpoint) }, options);
  }
}
