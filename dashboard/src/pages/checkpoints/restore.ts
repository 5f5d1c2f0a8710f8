/** Gives clusters back what they were. */

import type { Entry } from "hanami-sdk";

import { problemOf } from "../../app/problem.js";
import { session } from "../../app/session.svelte.js";
import { toasts } from "../../app/toasts.svelte.js";
import { text } from "../../text.js";
import { noteTask } from "../clusters/live/notes.js";

const words = text.checkpoints;

/** Queues the restore of a checkpoint; a note tells when it is done. */
export async function restore(checkpoint: Entry, cluster: string): Promise<void> {
  const task = await session.hanami.clusters.load(cluster, checkpoint.uuid);
  noteTask(task.uuid, { name: words.restoreTask(checkpoint.name), kind: "load" });
  toasts.done(words.restoring(checkpoint.name));
  // Whoever asked for it need not wait until it has its turn.
  void session.hanami.tasks.wait(task).then(
    () => {
      toasts.done(words.restored(checkpoint.name));
    },
    (error: unknown) => {
      const problem = problemOf(error);
      if (problem !== undefined) {
        toasts.failed(problem.words, problem.requestId);
      }
    },
  );
}
