/** Follows the tasks of a cluster while its page is open, and draws its curve from what they tell. */

import type { Cluster, Hanami, TaskEntry, TaskProgress } from "hanami-sdk";

import { poll } from "../../../app/poll.js";
import { type Curve, extended, keepCurve, keptCurve } from "./curve.js";

/** A task, and what is known of how far it is. */
export interface QueueRow extends TaskEntry {
  readonly progress?: TaskProgress | undefined;
}

/** Seconds between two looks at the list of tasks, and at a cluster that learns. */
const LOOK = 2;
/** Milliseconds between two writes of the curve into the tab's storage. */
const KEEP = 1_000;
/** Ended tasks that are asked for what they came to, at most. */
const ENDED = 20;

export class Follower {
  readonly #hanami: Hanami;
  readonly #uuid: string;
  #cluster = $state.raw<Cluster | undefined>();
  #tasks = $state.raw<readonly TaskEntry[]>([]);
  #progress = $state.raw<Readonly<Record<string, TaskProgress>>>({});
  #curve = $state.raw<Curve>({ points: [], checks: [], tasks: {} });
  #error = $state.raw<unknown>();
  #known = $state(false);
  #watched: string | undefined;
  /** Counts the looks: when they overlap, the newest counts. */
  #looks = 0;
  #kept = 0;
  #last: { uuid: string; samples: number; at: number } | undefined;
  #controller = new AbortController();
  /** Told when a task that was seen running has ended. */
  onended: (row: QueueRow) => void = () => undefined;

  constructor(hanami: Hanami, uuid: string) {
    this.#hanami = hanami;
    this.#uuid = uuid;
    this.#curve = keptCurve(uuid);
  }

  get cluster(): Cluster | undefined {
    return this.#cluster;
  }

  get curve(): Curve {
    return this.#curve;
  }

  /** Why the last look failed; the next one may do better. */
  get error(): unknown {
    return this.#error;
  }

  /** Whether the tasks are known already. */
  get known(): boolean {
    return this.#known;
  }

  /** The tasks, in the order in which they were queued. */
  get rows(): readonly QueueRow[] {
    return this.#tasks.map((task) => ({ ...task, progress: this.#progress[task.uuid] }));
  }

  /** What the task that runs tells. */
  get active(): QueueRow | undefined {
    return this.rows.find(({ state }) => state === "active");
  }

  /** Follows until what it returns is called. */
  start(): () => void {
    const stop = poll(this.look, LOOK, () => undefined);
    return () => {
      stop();
      this.#controller.abort();
      keepCurve(this.#uuid, this.#curve);
    };
  }

  /** Looks now, and not only when it is time again. */
  readonly look = async (): Promise<void> => {
    const { signal } = this.#controller;
    const look = ++this.#looks;
    try {
      const [cluster, tasks] = await Promise.all([
        this.#hanami.clusters.get(this.#uuid, { signal }),
        this.#hanami.tasks.list(this.#uuid, { signal }),
      ]);
      if (look !== this.#looks) {
        return;
      }
      this.#cluster = cluster;
      this.#tasks = tasks.toSorted((a, b) => a.queued.getTime() - b.queued.getTime());
      await this.#askEnded(signal);
      this.#known = true;
      this.#error = undefined;
      const active = this.active;
      if (active !== undefined && active.uuid !== this.#watched) {
        void this.#watch(active, cluster.network?.steps ?? 0);
      }
    } catch (error) {
      if (look === this.#looks && !signal.aborted) {
        this.#error = error;
      }
    }
  };

  /** Asks those that have ended what they came to: once, it does not change. */
  async #askEnded(signal: AbortSignal): Promise<void> {
    const ended = this.#tasks.filter(({ state }) => state === "finished" || state === "aborted");
    for (const task of ended.slice(-ENDED)) {
      const known = this.#progress[task.uuid];
      if (known?.endTimestamp === undefined && task.uuid !== this.#watched) {
        this.#take(task.uuid, await this.#hanami.tasks.get(task, { signal }), 0);
      }
    }
  }

  async #watch(task: TaskEntry, steps: number): Promise<void> {
    const { signal } = this.#controller;
    this.#watched = task.uuid;
    let failed = false;
    try {
      let now: TaskProgress | undefined;
      for await (now of this.#hanami.tasks.watch(task, { signal })) {
        this.#take(task.uuid, now, steps);
      }
      if (now !== undefined) {
        this.onended({ ...task, state: now.state, progress: now });
      }
    } catch {
      failed = true;
      // The next look tells what is wrong, or that the task is gone.
    } finally {
      this.#watched = undefined;
    }
    if (!signal.aborted) {
      keepCurve(this.#uuid, this.#curve);
      if (!failed) {
        await this.look();
      }
    }
  }

  #take(uuid: string, progress: TaskProgress, steps: number): void {
    this.#progress = { ...this.#progress, [uuid]: progress };
    this.#curve = extended(this.#curve, uuid, progress, { steps, speed: this.#speed(uuid, progress) });
    if (Date.now() - this.#kept > KEEP) {
      this.#kept = Date.now();
      keepCurve(this.#uuid, this.#curve);
    }
  }

  /** Samples per second between what was told last and now. */
  #speed(uuid: string, { samples, state }: TaskProgress): number | undefined {
    const before = this.#last;
    const at = performance.now();
    this.#last = { uuid, samples, at };
    if (before?.uuid !== uuid || state !== "active" || at - before.at < 50) {
      return undefined;
    }
    return ((samples - before.samples) / (at - before.at)) * 1000;
  }
}
