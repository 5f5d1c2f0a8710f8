/** What the machine did lately. */

import type { Point } from "../../parts/chart.js";

/** Readings of one moment; what is not known is `undefined`. */
export interface Reading {
  /** Seconds, since anything. */
  readonly at: number;
  /** Processor time that the server has used so far, in seconds. */
  readonly cpuSeconds?: number | undefined;
  /** Memory of the server, in bytes. */
  readonly memory?: number | undefined;
  /** Cores that clusters compute on. */
  readonly coresBusy?: number | undefined;
  /** Power of the whole machine. */
  readonly watts?: number | undefined;
  /** The highest temperature. */
  readonly celsius?: number | undefined;
  /** The mean clock. */
  readonly mhz?: number | undefined;
}

/** Readings that are kept: five minutes of them. */
export const KEPT = 150;

/** The history with one reading more, the oldest ones left out. */
export function added(history: readonly Reading[], reading: Reading): readonly Reading[] {
  return [...history, reading].slice(-KEPT);
}

/** One value over time; `x` is in seconds before the last reading, and negative. */
export function line(history: readonly Reading[], value: (reading: Reading) => number | undefined): Point[] {
  const now = history.at(-1)?.at ?? 0;
  return history.flatMap((reading) => {
    const y = value(reading);
    return y === undefined ? [] : [{ x: reading.at - now, y }];
  });
}

/** Cores that the server kept busy between each two readings. */
export function coresUsed(history: readonly Reading[]): Point[] {
  const now = history.at(-1)?.at ?? 0;
  return history.flatMap((reading, index) => {
    const before = history[index - 1];
    if (before?.cpuSeconds === undefined || reading.cpuSeconds === undefined || reading.at <= before.at) {
      return [];
    }
    // A server that was started anew counts from 0 again.
    const used = Math.max(reading.cpuSeconds - before.cpuSeconds, 0);
    return [{ x: reading.at - now, y: used / (reading.at - before.at) }];
  });
}
