import {
  ConnectionError,
  HanamiError,
  NotFoundError,
  problemError,
  TaskAbortedError,
  TooManyError,
} from "./errors.js";
import { serverEvents } from "./events.js";
import { pause } from "./pause.js";
import type { Session } from "./session.js";
import type { CallOptions } from "./transport.js";
import { camelCase, date, dateIfReached, type Json, type Ref, uuidOf } from "./words.js";

/** Names a task: its uuid, and that of the cluster that does it. */
export interface Task {
  readonly uuid: string;
  readonly clusterUuid: string;
}

/** A task that was queued just now. */
export interface NamedTask extends Task {
  readonly name: string;
}

/** How far a task has come. */
export type TaskState = "queued" | "active" | "aborted" | "finished";

/** What a new task is to do. */
export interface NewTask {
  /** Name of the task, and of the result it makes. */
  readonly name: string;
  /** Learn every sample of the dataset, or predict it and make a request result. */
  readonly type: "train" | "request";
  /** The cluster that does it. */
  readonly cluster: Ref;
  /** The data it is done with. */
  readonly dataset: Ref;
  /** How often a training goes through the dataset, 1 to 1000; once unless set. */
  readonly epochs?: number | undefined;
  /** Whether a training takes the samples in another, random order in each epoch. */
  readonly shuffle?: boolean | undefined;
  /** What the random order depends on; 0 unless set. */
  readonly seed?: number | undefined;
  /** Share of the samples that a training does not learn, but is judged by; 0 to 0.5. */
  readonly validationShare?: number | undefined;
  /** Which columns of a table which brick reads; without it, the one that is named like it. */
  readonly mapping?: Mapping | undefined;
  /** Whether the result of a request holds all output values of each row. */
  readonly fullOutputs?: boolean | undefined;
}

/**
 * Which columns of a table the bricks of a cluster read, by the names of the bricks: each one column
 * through a window of as many rows as it has neurons, or each some columns of one row, side by side.
 */
export type Mapping =
  | {
      readonly type: "window";
      readonly inputs: Readonly<Record<string, string>>;
      readonly outputs?: Readonly<Record<string, string>>;
    }
  | {
      readonly type: "row";
      readonly inputs: Readonly<Record<string, readonly string[]>>;
      readonly outputs?: Readonly<Record<string, readonly string[]>>;
    };

/** How well a training did on the samples that it does not learn. */
export interface ValidationReport {
  /** The epoch that had ended, from 1. */
  readonly epoch: number;
  /** Samples that were predicted. */
  readonly samples: number;
  /** Share of right answers in percent; where there are classes. */
  readonly accuracy?: number;
  /** Mean squared error over all outputs and samples. */
  readonly loss: number;
}

/** How far a task has come. */
export interface TaskProgress {
  readonly state: TaskState;
  /** Share done, 0 to 1. */
  readonly percentageFinished: number;
  readonly queueTimestamp: Date;
  /** Absent until it starts. */
  readonly startTimestamp: Date | undefined;
  /** Absent until it ends. */
  readonly endTimestamp: Date | undefined;
  /** Samples worked through, of all epochs. */
  readonly samples: number;
  /** Samples to be done, over all epochs. */
  readonly totalSamples: number;
  /** The epoch that a training is in, or ended in, from 1. */
  readonly epoch?: number;
  /**
   * Share in percent of the samples so far whose answer was right before it was learned; for a
   * training with classes.
   */
  readonly runningAccuracy?: number;
  /** Mean squared error over all outputs and samples so far, before they were learned. */
  readonly runningLoss?: number;
  /** As `runningAccuracy`, but of the last 1000 samples; while it runs. */
  readonly accuracy?: number;
  /** As `runningLoss`, but of the last 1000 samples; while it runs. */
  readonly loss?: number;
  /** Synapses of the network; while a training runs. */
  readonly synapses?: number;
  /** How well a training does on the samples held out of it: one report per epoch. */
  readonly validation?: readonly ValidationReport[];
  /** Since it began, or went on after an interruption; while it runs. */
  readonly samplesPerSecond?: number;
  /** What is left to be done, at this speed. */
  readonly secondsLeft?: number;
  /** Why the task failed. */
  readonly error?: string;
}

/** A row of the list of a cluster's tasks. */
export interface TaskEntry extends Task {
  readonly state: TaskState;
  /** Share done, 0 to 1. */
  readonly percentage: number;
  readonly queued: Date;
  /** Absent until it starts. */
  readonly start: Date | undefined;
  /** Absent until it ends. */
  readonly end: Date | undefined;
}

/** Milliseconds between two looks at a task that is about to end. */
const SHORTEST_PAUSE = 5;
/** Milliseconds between two looks at a task that takes long. */
const LONGEST_PAUSE = 200;

/** Milliseconds after which a stream is taken for broken: the server sends a comment every 15 s. */
const SILENCE = 60_000;

/** Tasks: what clusters have to do, one after the other. */
export class Tasks {
  readonly #session: Session;

  /** @internal */
  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * Queues a task.
   *
   * @throws {@link BadRequestError} if cluster and dataset do not fit together.
   * @throws {@link ConflictError} if the cluster is in direct mode.
   */
  async create(task: NewTask, options: CallOptions = {}): Promise<NamedTask> {
    const { cluster, dataset, validationShare, fullOutputs, ...rest } = task;
    const clusterUuid = uuidOf(cluster);
    const body = {
      ...rest,
      cluster_uuid: clusterUuid,
      dataset_uuid: uuidOf(dataset),
      validation_share: validationShare,
      full_outputs: fullOutputs,
    };
    const created = await this.#session.post<{ uuid: string; name: string }>("/task", body, options);
    return { ...created, clusterUuid };
  }

  /** How far a task has come. */
  async get(task: Task, options: CallOptions = {}): Promise<TaskProgress> {
    return progress(await this.#session.get<ProgressOnWire>("/task", query(task), options));
  }

  /** All tasks of a cluster. */
  async list(cluster: Ref, options: CallOptions = {}): Promise<TaskEntry[]> {
    const clusterUuid = uuidOf(cluster);
    const found = await this.#session.list<RowOnWire>("/task/all", { cluster_uuid: clusterUuid }, options);
    return found.map((row) => ({
      ...row,
      clusterUuid,
      percentage: Number(row.percentage),
      queued: date(row.queued),
      start: dateIfReached(row.start),
      end: dateIfReached(row.end),
    }));
  }

  /** Deletes a task; one that runs is aborted. */
  async delete(task: Task, options: CallOptions = {}): Promise<void> {
    await this.#session.delete("/task", query(task), options);
  }

  /**
   * Yields how far a task has come, each time that it has changed, until it has ended; the last one
   * tells how. The server sends it; one that can't, or whose stream breaks off, is asked again and
   * again instead.
   */
  async *watch(task: Task, options: CallOptions = {}): AsyncGenerator<TaskProgress, void, void> {
    try {
      for await (const now of this.#follow(task, options)) {
        yield now;
        if (hasEnded(now)) {
          return;
        }
      }
    } catch (error) {
      // Earlier servers have no streams: then it is the path that is not found.
      const askInstead =
        error instanceof NotFoundError || error instanceof TooManyError || error instanceof ConnectionError;
      if (!askInstead) {
        throw error;
      }
    }
    yield* this.#poll(task, options);
  }

  /**
   * Waits until a task is finished.
   *
   * @throws {@link TaskAbortedError} if it was aborted.
   */
  async wait(task: Task, options: CallOptions = {}): Promise<TaskProgress> {
    let last: TaskProgress | undefined;
    for await (const now of this.watch(task, options)) {
      last = now;
    }
    if (last?.state !== "finished") {
      const reason = last?.error ?? "someone stopped it";
      throw new TaskAbortedError({ detail: `the task ${task.uuid} was aborted: ${reason}` });
    }
    return last;
  }

  /** What the server sends of a task while it runs. */
  async *#follow(task: Task, options: CallOptions): AsyncGenerator<TaskProgress, void, void> {
    const { body } = await this.#session.open("/task/events", query(task), options);
    if (body === null) {
      return;
    }
    try {
      for await (const { event, data } of serverEvents(body, SILENCE)) {
        if (event === "problem") {
          throw problemError(data, { detail: "the server ended the stream" });
        }
        yield progress(camelCase(JSON.parse(data) as Json) as ProgressOnWire);
      }
    } catch (error) {
      options.signal?.throwIfAborted();
      throw error instanceof HanamiError
        ? error
        : new ConnectionError({ detail: "the stream of a task's progress broke off", cause: error });
    }
  }

  async *#poll(task: Task, options: CallOptions): AsyncGenerator<TaskProgress, void, void> {
    const begin = performance.now();
    for (;;) {
      const now = await this.get(task, options);
      yield now;
      if (hasEnded(now)) {
        return;
      }
      await pause(untilNextLook(performance.now() - begin, now.percentageFinished), options.signal);
    }
  }
}

function hasEnded({ state }: TaskProgress): boolean {
  return state === "finished" || state === "aborted";
}

type ProgressOnWire = Omit<TaskProgress, "queueTimestamp" | "startTimestamp" | "endTimestamp"> & {
  queueTimestamp: string;
  startTimestamp: string;
  endTimestamp: string;
};

interface RowOnWire {
  uuid: string;
  state: TaskState;
  percentage: string;
  queued: string;
  start: string;
  end: string;
}

function progress(found: ProgressOnWire): TaskProgress {
  return {
    ...found,
    queueTimestamp: date(found.queueTimestamp),
    startTimestamp: dateIfReached(found.startTimestamp),
    endTimestamp: dateIfReached(found.endTimestamp),
  };
}

function query(task: Task): { uuid: string; cluster_uuid: string } {
  return { uuid: task.uuid, cluster_uuid: task.clusterUuid };
}

/**
 * Milliseconds not to look at a task that has come to `done` in the time that has `passed`: as long
 * as it seems to need yet, so that its end is seen soon, but not for too long, so that its progress
 * is seen too.
 */
export function untilNextLook(passed: number, done: number): number {
  const left = done > 0 ? (passed * (1 - done)) / done : passed;
  return Math.min(Math.max(left, SHORTEST_PAUSE), LONGEST_PAUSE);
}
