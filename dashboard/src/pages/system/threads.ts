/** The server's threads, those that do the same together. */

import type { Thread } from "hanami-sdk";

export interface ThreadGroup {
  readonly name: string;
  readonly threads: number;
  /** Hardware threads that they may run on. */
  readonly cpus: string;
  /** Processor time of all of them, in seconds; nothing if that is not known. */
  readonly cpuSeconds: number | undefined;
}

export function grouped(threads: readonly Thread[]): ThreadGroup[] {
  const groups = new Map<string, ThreadGroup>();
  for (const { name, cpus, cpuSeconds } of threads) {
    const key = `${name} ${cpus}`;
    const before = groups.get(key);
    const known = [before?.cpuSeconds, cpuSeconds].filter((seconds) => seconds !== undefined);
    groups.set(key, {
      name,
      cpus,
      threads: (before?.threads ?? 0) + 1,
      cpuSeconds: known.length === 0 ? undefined : known.reduce((sum, seconds) => sum + seconds, 0),
    });
  }
  return [...groups.values()].sort((a, b) => (b.cpuSeconds ?? 0) - (a.cpuSeconds ?? 0));
}
