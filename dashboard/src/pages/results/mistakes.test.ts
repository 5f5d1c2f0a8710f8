import { expect, test } from "vitest";

import { farthestOff, wrongClasses } from "./mistakes.js";
import { labelsOf } from "./truth.js";

test("the surest wrong answer comes first", () => {
  const sureness = [0.9, 0.4, 0.8, 0.99];
  const wrong = wrongClasses([1, 2, 3, 4], [1, 0, 0, 0], (row) => sureness[row]);
  expect(wrong.map(({ row }) => row)).toEqual([3, 2, 1]);
  expect(wrong[0]).toEqual({ row: 3, right: 0, answered: 4, weight: 0.99 });
});

test("wrong answers keep their order if nothing is known of them", () => {
  expect(wrongClasses([1, 1], [0, 0], () => undefined).map(({ row }) => row)).toEqual([0, 1]);
});

test("the number that is farthest off comes first", () => {
  expect(farthestOff([1, 5, 2], [1, 1, 4]).map(({ row, weight }) => [row, weight])).toEqual([
    [1, 4],
    [2, 2],
    [0, 0],
  ]);
});

test("labels stand behind the header", () => {
  expect(labelsOf(new Uint8Array([0, 0, 8, 1, 0, 0, 0, 2, 7, 3]))).toEqual([7, 3]);
});
