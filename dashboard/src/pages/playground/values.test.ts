import { expect, test } from "vitest";

import { farthest, highest, pasted } from "./values.js";

test("a row may be separated in several ways", () => {
  expect(pasted("1, 2.5,-3\n", 3)).toEqual({ values: [1, 2.5, -3] });
  expect(pasted("1\t2\t3", 3)).toEqual({ values: [1, 2, 3] });
  expect(pasted(" 1 2  3 ", 3)).toEqual({ values: [1, 2, 3] });
  expect(pasted("1;;3", 3)).toEqual({ values: [1, null, 3] });
});

test("what is wrong with a row is told", () => {
  expect(pasted("1,2", 3)).toEqual({ problem: "These are 2 values; 3 are needed." });
  expect(pasted("1,x,3", 3)).toEqual({ problem: "“x” is no number." });
});

test("the largest distance is found", () => {
  expect(farthest([1, 5], [2, 2])).toBe(3);
  expect(farthest([], [2])).toBe(Infinity);
});

test("the highest value is found", () => {
  expect(highest([0.1, 0.7, 0.2])).toBe(1);
  expect(highest([])).toBe(-1);
});
