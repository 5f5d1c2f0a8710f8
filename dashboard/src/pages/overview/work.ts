/** What clusters have to do at present. */

import { type Entry, type Hanami, NotFoundError, type TaskEntry, type TaskProgress } from "hanami-sdk";

/** Clusters whose tasks are looked at: each takes a request. */
export const LOOKED_AT = 100;

/** Requests that are made at a time. */
const AT_ONCE = 6;

/** A task that is queued or running, and the cluster that has to do it. */
export interface Work {
  readonly cluster: Entry;
  readonly task: TaskEntry;
  /** How far it is; only while it runs. */
  readonly progress?: TaskProgress;
}

export interface Found {
  readonly work: readonly Work[];
  /** Whether any task has been finished. */
  readonly anyFinished: boolean;
}

/** The open tasks of the clusters, running ones first. */
export async function openWork(
  hanami: Hanami,
  clusters: readonly Entry[],
  signal: AbortSignal,
): Promise<Found> {
  const work: Work[] = [];
  let anyFinished = false;
  const left = clusters.slice(0, LOOKED_AT);
  const lookAtNext = async (): Promise<void> => {
    for (let cluster = left.shift(); cluster !== undefined; cluster = left.shift()) {
      const tasks = (await unlessGone(hanami.tasks.list(cluster, { signal }))) ?? [];
      anyFinished ||= tasks.some(({ state }) => state === "finished");
      for (const task of tasks.filter(({ state }) => state === "queued" || state === "active")) {
        const progress =
          task.state === "active" ? await unlessGone(hanami.tasks.get(task, { signal })) : undefined;
        work.push(progress === undefined ? { cluster, task } : { cluster, task, progress });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lookAtNext));
  return { work: inOrder(work), anyFinished };
}

/** Running tasks first, then those that were queued first. */
export function inOrder(work: readonly Work[]): Work[] {
  const rank = ({ task }: Work): number => (task.state === "active" ? 0 : 1);
  return [...work].sort((a, b) => rank(a) - rank(b) || a.task.queued.getTime() - b.task.queued.getTime());
}

/** Something that may be deleted while it is asked for. */
async function unlessGone<Value>(asked: Promise<Value>): Promise<Value | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof NotFoundError) {
      return undefined;
    }
    throw error;
  }
}
