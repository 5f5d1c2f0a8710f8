/** What a cluster is doing, in words. */

import type { Cluster, Hanami, TaskEntry } from "hanami-sdk";

import { text } from "../../text.js";

/** A cluster, and what is known of its queue. */
export interface Seen {
  readonly cluster: Cluster;
  /** The tasks that wait or run; only asked for where there are some. */
  readonly open: readonly TaskEntry[];
}

/** Looks at a cluster and its queue. */
export async function look(hanami: Hanami, uuid: string, signal?: AbortSignal): Promise<Seen> {
  const cluster = await hanami.clusters.get(uuid, { signal });
  const tasks = cluster.openTasks > 0 ? await hanami.tasks.list(uuid, { signal }) : [];
  return { cluster, open: tasks.filter(({ state }) => state === "active" || state === "queued") };
}

/** What it does at this moment. */
export function doing({ cluster, open }: Seen): string {
  const words = text.clusters.activity;
  const active = open.find(({ state }) => state === "active");
  const waiting = open.filter(({ state }) => state === "queued").length;
  if (active !== undefined) {
    return words.running(active.percentage) + (waiting > 0 ? words.queued(waiting) : "");
  }
  if (cluster.openTasks > 0) {
    return words.starting;
  }
  if (cluster.mode === "DIRECT") {
    return words.direct;
  }
  return cluster.network === undefined ? words.empty : words.idle;
}
