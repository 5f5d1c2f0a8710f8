/** One upload: what is known of it, and what a user sees of it. */

import type { DatasetType, FileProgress } from "hanami-sdk";

import type { Sources, Wanted } from "./match.js";
import type { FileRecord } from "./records.js";
import { Rate } from "./rate.js";

/**
 * Where an upload stands. `begun` ones wait for their files, which a reload of the page has lost;
 * `interrupted` ones try again by themselves, `paused` ones when they are told to.
 */
export type UploadStage =
  "waiting" | "sending" | "interrupted" | "finishing" | "paused" | "failed" | "begun" | "done";

export class Upload {
  readonly uuid: string;
  readonly name: string;
  readonly type: DatasetType;
  /** User and project that it belongs to. */
  readonly place: string;
  /** The files as this browser knows them, if the upload was begun here. */
  readonly records: readonly FileRecord[];
  /** The files that the server waits for. */
  readonly wanted: readonly Wanted[];

  stage = $state<UploadStage>("begun");
  arrived = $state(0);
  perSecond = $state<number | undefined>();
  /** Why it failed or was interrupted. */
  error = $state.raw<unknown>();
  /** The data of its files, as long as the page has it. */
  sources: Sources | undefined;
  #stop: AbortController | undefined;
  #rate = new Rate();

  constructor(
    facts: { uuid: string; name: string; type: DatasetType },
    place: string,
    records: readonly FileRecord[],
    files: readonly Pick<FileProgress, "part" | "size" | "received">[],
  ) {
    this.uuid = facts.uuid;
    this.name = facts.name;
    this.type = facts.type;
    this.place = place;
    this.records = records;
    this.wanted = files.map(({ part, size }) => ({
      part,
      size,
      print: records.find((record) => record.part === part)?.print,
    }));
    this.arrived = files.reduce((sum, { received }) => sum + received, 0);
  }

  get total(): number {
    return this.wanted.reduce((sum, { size }) => sum + size, 0);
  }

  /** Seconds until all has arrived, if that can be told. */
  get secondsLeft(): number | undefined {
    return this.perSecond === undefined ? undefined : (this.total - this.arrived) / this.perSecond;
  }

  /** Whether it does something, or will soon. */
  get active(): boolean {
    return ["waiting", "sending", "interrupted", "finishing"].includes(this.stage);
  }

  /** Begins to send; the signal ends it. */
  begin(): AbortSignal {
    this.#stop = new AbortController();
    this.#rate = new Rate();
    this.#rate.tell(this.arrived, Date.now());
    this.error = undefined;
    this.stage = this.arrived < this.total ? "sending" : "finishing";
    return this.#stop.signal;
  }

  /** Takes note that `arrived` bytes are there now. */
  tell(arrived: number): void {
    this.arrived = arrived;
    this.#rate.tell(arrived, Date.now());
    this.perSecond = this.#rate.perSecond;
    this.stage = arrived < this.total ? "sending" : "finishing";
  }

  /** Ends what it does. */
  stop(stage: UploadStage, error?: unknown): void {
    this.stage = stage;
    this.error = error;
    this.perSecond = undefined;
    this.#stop?.abort();
  }
}
