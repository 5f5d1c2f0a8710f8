/**
 * What the server does not tell of tasks: how they are called and what they work with. Kept in the
 * tab's storage for the tasks that were started in it.
 */

export interface TaskNote {
  readonly name: string;
  readonly kind: "train" | "request" | "save" | "load";
  /** Uuid of the dataset. */
  readonly dataset?: string | undefined;
}

const KEY = "hanami.task.";

export function noteTask(uuid: string, note: TaskNote): void {
  try {
    sessionStorage.setItem(KEY + uuid, JSON.stringify(note));
  } catch {
    // The storage is full: the task has no name then.
  }
}

export function noteOf(uuid: string): TaskNote | undefined {
  const found = sessionStorage.getItem(KEY + uuid);
  return found === null ? undefined : (JSON.parse(found) as TaskNote);
}
