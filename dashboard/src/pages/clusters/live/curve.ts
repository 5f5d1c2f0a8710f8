/**
 * The learning curve of a cluster over all its trainings, as far as they were seen in this tab. Along
 * its x axis are the samples learned; each training begins where the one before ended.
 */

import type { TaskProgress } from "hanami-sdk";

import { thinned } from "../../../parts/chart.js";

/** How a cluster was doing at one moment. */
export interface CurvePoint {
  readonly x: number;
  /** In percent. */
  readonly accuracy?: number | undefined;
  /** Mean squared error. */
  readonly loss?: number | undefined;
  /** Samples per second. */
  readonly speed?: number | undefined;
  readonly synapses?: number | undefined;
}

export interface Curve {
  /** While it learned. */
  readonly points: readonly CurvePoint[];
  /** After epochs, on the samples that were held out. */
  readonly checks: readonly CurvePoint[];
  /** The tasks that are in it: where each began, and how many of its reports there are. */
  readonly tasks: Readonly<Record<string, { readonly base: number; readonly reports: number }>>;
}

export const emptyCurve: Curve = { points: [], checks: [], tasks: {} };

/** Points kept; a chart can't show more. */
const LIMIT = 800;

/**
 * The curve with what a task tells now. `steps` are the training steps that the network had taken when
 * the task was first seen; `speed` is that of the last moments.
 */
export function extended(
  curve: Curve,
  uuid: string,
  progress: TaskProgress,
  { steps, speed }: { readonly steps: number; readonly speed?: number | undefined },
): Curve {
  const known = curve.tasks[uuid];
  const base = known?.base ?? Math.max(steps - progress.samples, endOf(curve));
  const reports = progress.validation ?? [];
  const tasks = { ...curve.tasks, [uuid]: { base, reports: reports.length } };
  if (progress.runningLoss === undefined || progress.samples === 0) {
    return { ...curve, tasks };
  }
  const ended = progress.endTimestamp !== undefined;
  const x = base + progress.samples;
  const point: CurvePoint = {
    x,
    // The means of the whole training would bend the end of a curve of the last samples.
    accuracy: progress.accuracy ?? (ended && known !== undefined ? undefined : progress.runningAccuracy),
    loss: progress.loss ?? (ended && known !== undefined ? undefined : progress.runningLoss),
    speed,
    synapses: progress.synapses,
  };
  // Several epochs may have ended since the last look: they took as long as each other.
  const latest = reports.at(-1)?.epoch ?? 1;
  const fresh = reports.slice(known?.reports ?? 0).map(({ epoch, accuracy, loss }) => ({
    x: base + (progress.samples * epoch) / latest,
    accuracy,
    loss,
  }));
  return {
    points: thinner(joined(curve.points, point)),
    checks: thinner([...curve.checks, ...fresh]),
    tasks,
  };
}

/** Points of what is told by a curve, such as its accuracy. */
export function pointsOf(
  points: readonly CurvePoint[],
  value: "accuracy" | "loss" | "speed" | "synapses",
): { x: number; y: number }[] {
  return points.flatMap((point) => {
    const y = point[value];
    return y === undefined ? [] : [{ x: point.x, y }];
  });
}

function endOf({ points }: Curve): number {
  return points.at(-1)?.x ?? 0;
}

/** The points with one more; it takes the place of one at the same spot. */
function joined(points: readonly CurvePoint[], point: CurvePoint): CurvePoint[] {
  const last = points.at(-1);
  if (last === undefined || last.x < point.x) {
    return [...points, point];
  }
  const known = Object.fromEntries(Object.entries(point).filter(([, value]) => value !== undefined));
  return [...points.slice(0, -1), { ...last, ...known, x: last.x }];
}

function thinner(points: readonly CurvePoint[]): readonly CurvePoint[] {
  return points.length > LIMIT ? thinned(points, LIMIT / 2) : points;
}

const KEY = "hanami.curve.";

/** The curve that this tab has kept of a cluster. */
export function keptCurve(cluster: string): Curve {
  const found = sessionStorage.getItem(KEY + cluster);
  return found === null ? emptyCurve : (JSON.parse(found) as Curve);
}

export function keepCurve(cluster: string, curve: Curve): void {
  try {
    sessionStorage.setItem(KEY + cluster, JSON.stringify(curve));
  } catch {
    // The storage is full: the curve is lost on a reload, and nothing else.
  }
}
