import { TaskAbortedError } from "./errors.js";
import { pause } from "./pause.js";
import type { Session } from "./session.js";
import type { CallOptions } from "./transport.js";
import { date, dateIfReached, type Ref, uuidOf } from "./words.js";

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
  /** Samples worked through. */
  readonly samples: number;
  /**
   * Share in percent of the samples so far whose answer was right before it was learned; for a
   * training with classes.
   */
  readonly runningAccuracy?: number;
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
  async create({ name, type, cluster, dataset }: NewTask, options: CallOptions = {}): Promise<NamedTask> {
    const clusterUuid = uuidOf(cluster);
    const body = { name, type, cluster_uuid: clusterUuid, dataset_uuid: uuidOf(dataset) };
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

  /** Yields how far a task has come, several times a second, until it has ended. */
  async *watch(task: Task, options: CallOptions = {}): AsyncGenerator<TaskProgress, void, void> {
    const begin = performance.now();
    for (;;) {
      const now = await this.get(task, options);
      yield now;
      if (now.state === "finished" || now.state === "aborted") {
        return;
      }
      await pause(untilNextLook(performance.now() - begin, now.percentageFinished), options.signal);
    }
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
