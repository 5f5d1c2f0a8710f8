import type { Entry } from "./clusters.js";
import type { Session } from "./session.js";
import type { CallOptions } from "./transport.js";
import { type Ref, uuidOf } from "./words.js";

/** What a request task found. */
export interface RequestResult extends Entry {
  /**
   * One number per row: for images the index of the highest output, for tables the newest value of
   * the first output brick. Shorter than a table by the rows that the first window needed.
   */
  readonly data: readonly number[];
}

/** Results of request tasks. They have the uuids of the tasks, and outlive them. */
export class RequestResults {
  readonly #session: Session;

  /** @internal */
  constructor(session: Session) {
    this.#session = session;
  }

  /** What a request task found. */
  async get(result: Ref, options: CallOptions = {}): Promise<RequestResult> {
    return this.#session.get<RequestResult>("/request_result", { uuid: uuidOf(result) }, options);
  }

  /** All request results that the user may see. */
  async list(options: CallOptions = {}): Promise<Entry[]> {
    return this.#session.list<Entry>("/request_result/all", {}, options);
  }

  /** Deletes a request result. */
  async delete(result: Ref, options: CallOptions = {}): Promise<void> {
    await this.#session.delete("/request_result", { uuid: uuidOf(result) }, options);
  }
}
