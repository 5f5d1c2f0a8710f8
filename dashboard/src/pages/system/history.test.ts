import { expect, test } from "vitest";

import { added, coresUsed, KEPT, line, type Reading } from "./history.js";

test("the cores in use are what processor time grows by", () => {
  const history = [
    { at: 10, cpuSeconds: 4 },
    { at: 12, cpuSeconds: 7 },
    { at: 14 },
    { at: 16, cpuSeconds: 8 },
    { at: 18, cpuSeconds: 1 },
  ];
  expect(coresUsed(history)).toEqual([
    { x: -6, y: 1.5 },
    { x: 0, y: 0 },
  ]);
});

test("a value that is not known has no point", () => {
  const history = [{ at: 1, memory: 5 }, { at: 3 }, { at: 5, memory: 7 }];
  expect(line(history, ({ memory }) => memory)).toEqual([
    { x: -4, y: 5 },
    { x: 0, y: 7 },
  ]);
});

test("only the last readings are kept", () => {
  let history: readonly Reading[] = [];
  for (let at = 0; at < KEPT + 5; at++) {
    history = added(history, { at });
  }
  expect(history.length).toBe(KEPT);
  expect(history[0]?.at).toBe(5);
});
