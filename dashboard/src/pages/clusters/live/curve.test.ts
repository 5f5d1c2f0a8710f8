import type { TaskProgress } from "hanami-sdk";
import { expect, test } from "vitest";

import { emptyCurve, extended, pointsOf } from "./curve.js";

function progress(samples: number, more: Partial<TaskProgress> = {}): TaskProgress {
  return {
    state: "active",
    percentageFinished: 0,
    queueTimestamp: new Date(0),
    startTimestamp: new Date(0),
    endTimestamp: undefined,
    samples,
    totalSamples: 1000,
    runningLoss: 0.1,
    ...more,
  };
}

test("a training begins where the one before ended", () => {
  let curve = extended(emptyCurve, "a", progress(0), { steps: 0 });
  curve = extended(curve, "a", progress(500, { accuracy: 80 }), { steps: 0 });
  curve = extended(curve, "b", progress(100, { accuracy: 85 }), { steps: 300 });
  expect(pointsOf(curve.points, "accuracy")).toEqual([
    { x: 500, y: 80 },
    { x: 600, y: 85 },
  ]);
});

test("reports of several epochs that come at once are spread", () => {
  const validation = [1, 2].map((epoch) => ({ epoch, samples: 10, loss: 0.2, accuracy: 90 + epoch }));
  const curve = extended(emptyCurve, "a", progress(800, { validation }), { steps: 800 });
  expect(pointsOf(curve.checks, "accuracy")).toEqual([
    { x: 400, y: 91 },
    { x: 800, y: 92 },
  ]);
  expect(extended(curve, "a", progress(900, { validation }), { steps: 0 }).checks).toHaveLength(2);
});

test("a long curve is thinned, with its ends", () => {
  let curve = emptyCurve;
  for (let samples = 1; samples <= 2000; samples += 1) {
    curve = extended(curve, "a", progress(samples, { loss: samples }), { steps: 0 });
  }
  expect(curve.points.length).toBeLessThanOrEqual(800);
  expect(curve.points[0]?.x).toBe(1);
  expect(curve.points.at(-1)?.x).toBe(2000);
});
