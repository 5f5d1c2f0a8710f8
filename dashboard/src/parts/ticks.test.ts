import { expect, test } from "vitest";

import { ticks } from "./ticks.js";

test("ticks are round and enclose the values", () => {
  expect(ticks(0, 100, 5)).toEqual([0, 20, 40, 60, 80, 100]);
  expect(ticks(0.13, 0.58, 4)).toEqual([0, 0.2, 0.4, 0.6]);
  expect(ticks(-3, 7, 5)).toEqual([-4, -2, 0, 2, 4, 6, 8]);
  expect(ticks(0, 0.3, 3)).toEqual([0, 0.1, 0.2, 0.3]);
});

test("ticks of bytes are round in the units of bytes", () => {
  const mebi = 2 ** 20;
  expect(ticks(0, 90 * mebi, 3, true)).toEqual([0, 32 * mebi, 64 * mebi, 96 * mebi]);
});

test("a single value has an axis too", () => {
  for (const value of [0, 5, -5, 1e-7, 1e9]) {
    const found = ticks(value, value, 4);
    expect(found.length).toBeGreaterThan(1);
    expect(found[0]).toBeLessThanOrEqual(value);
    expect(found.at(-1)).toBeGreaterThanOrEqual(value);
  }
});
