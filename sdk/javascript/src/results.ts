import type { Change, Entry } from "./clusters.js";
import type { DatasetType } from "./datasets.js";
import type { Session } from "./session.js";
import type { CallOptions } from "./transport.js";
import { dateIfReached, type Ref, uuidOf } from "./words.js";

/** What a request task found. */
export interface RequestResult extends Entry {
  /**
   * One number per row: for images the index of the highest output, for tables the newest value of
   * the first output brick. Shorter than a table by the rows that the first window needed.
   */
  readonly data: readonly number[];
  /** The type of the dataset that was asked about. */
  readonly datasetType: DatasetType;
  /** The column of the dataset that the numbers answer; absent for images. */
  readonly column?: string;
  /** Number of answers. */
  readonly rows: number;
  /** Whether all output values of each row were kept. */
  readonly hasOutputs: boolean;
  readonly created: Date | undefined;
}

/** All output values of some rows of a request result. */
export interface ResultOutputs {
  readonly uuid: string;
  /** The first row, counted from 0. */
  readonly from: number;
  /** Rows of the whole result. */
  readonly rows: number;
  /** Values of a row, those of all bricks. */
  readonly width: number;
  /** The output bricks in the order of their values. */
  readonly bricks: readonly { readonly name: string; readonly width: number }[];
  /** The values, row by row. */
  readonly outputs: readonly (readonly number[])[];
}

/** Which rows to get. */
export interface RowOptions extends CallOptions {
  /** The first row, counted from 0; 0 unless set. */
  readonly from?: number | undefined;
  /** How many rows, at most. */
  readonly count?: number | undefined;
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
    const query = { uuid: uuidOf(result) };
    const found = await this.#session.get<ResultOnWire>("/request_result", query, options);
    return { ...found, created: dateIfReached(found.created) };
  }

  /** All request results that the user may see. */
  async list(options: CallOptions = {}): Promise<Entry[]> {
    return this.#session.list<Entry>("/request_result/all", {}, options);
  }

  /**
   * All output values of up to `count` rows (1 to 1000; 100 unless set) of a result.
   *
   * @throws {@link ConflictError} if they were not kept: see {@link NewTask.fullOutputs}.
   */
  async outputs(result: Ref, { from, count, ...options }: RowOptions = {}): Promise<ResultOutputs> {
    const query = { uuid: uuidOf(result), from, count };
    return this.#session.get<ResultOutputs>("/request_result/outputs", query, options);
  }

  /** A result as a table, to read, stream or save. */
  async download(result: Ref, options: CallOptions = {}): Promise<Response> {
    return this.#session.open("/request_result/download", { uuid: uuidOf(result) }, options);
  }

  /** Changes the name or the visibility of a request result. */
  async update(result: Ref, change: Change, options: CallOptions = {}): Promise<Entry> {
    return this.#session.put<Entry>("/request_result", { uuid: uuidOf(result), ...change }, options);
  }

  /** Deletes a request result. */
  async delete(result: Ref, options: CallOptions = {}): Promise<void> {
    await this.#session.delete("/request_result", { uuid: uuidOf(result) }, options);
  }
}

type ResultOnWire = Omit<RequestResult, "created"> & { created: string };
