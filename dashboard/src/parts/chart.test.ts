import { expect, test } from "vitest";

import { nearest, places, thinned } from "./chart.js";

test("the places are those of all series", () => {
  const series = [
    {
      label: "a",
      points: [
        { x: 1, y: 0 },
        { x: 3, y: 0 },
      ],
    },
    {
      label: "b",
      points: [
        { x: 2, y: 0 },
        { x: 3, y: 0 },
        { x: 10, y: 0 },
      ],
    },
  ];
  expect(places(series)).toEqual([1, 2, 3, 10]);
});

test("the nearest place is found", () => {
  expect(nearest([1, 2, 10], 5)).toBe(1);
  expect(nearest([1, 2, 10], 99)).toBe(2);
  expect(nearest([], 5)).toBe(-1);
});

test("thinned rows keep both ends", () => {
  const rows = Array.from({ length: 101 }, (_, index) => index);
  expect(thinned(rows, 5)).toEqual([0, 25, 50, 75, 100]);
  expect(thinned([1, 2], 5)).toEqual([1, 2]);
});
