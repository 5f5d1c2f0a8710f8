/** What is told of a task, in words. */

import type { TaskProgress } from "hanami-sdk";

import { count, duration, percent } from "../../../app/format.js";
import { text } from "../../../text.js";
import type { QueueRow } from "./follow.svelte.js";
import { noteOf } from "./notes.js";

const words = text.live;

/** How a task is called: by its name if it was started in this tab, else by what it does. */
export function titleOf({ uuid, progress }: QueueRow): string {
  const note = noteOf(uuid);
  if (note !== undefined) {
    return note.name;
  }
  const kind = progress?.epoch === undefined ? words.kinds.other : words.kinds.train;
  return `${kind} ${uuid.slice(0, 8)}`;
}

/** How far a task that runs is, and how long it will take. */
export function progressWords(progress: TaskProgress | undefined): string | undefined {
  if (progress === undefined) {
    return undefined;
  }
  const { epoch, samples, totalSamples, secondsLeft } = progress;
  const told = [
    ...(epoch === undefined ? [] : [words.epoch(epoch)]),
    ...(totalSamples > 0 ? [words.of(count(samples), count(totalSamples))] : []),
    ...(secondsLeft === undefined ? [] : [words.left(duration(secondsLeft))]),
  ];
  return told.length > 0 ? told.join(", ") : undefined;
}

/** What a task that has ended came to. */
export function outcomeWords({ progress, start, end }: QueueRow): string {
  const took =
    start === undefined || end === undefined ? undefined : (end.getTime() - start.getTime()) / 1000;
  const check = progress?.validation?.at(-1)?.accuracy;
  const told = [
    ...(took === undefined ? [] : [words.took(duration(took))]),
    ...(progress?.runningAccuracy === undefined ? [] : [words.right(percent(progress.runningAccuracy))]),
    ...(check === undefined ? [] : [words.held(percent(check))]),
  ];
  return told.join(", ");
}
