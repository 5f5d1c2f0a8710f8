import { expect, test } from "vitest";

import { sorted } from "./table.js";

test("rows are sorted by numbers and by words", () => {
  const rows = [
    { name: "b10", size: 2 },
    { name: "b9", size: 11 },
    { name: "A1", size: 1 },
  ];
  const names = (
    by: ((row: (typeof rows)[number]) => string | number) | undefined,
    falling: boolean,
  ): string[] => sorted(rows, by, falling).map(({ name }) => name);
  expect(names((row) => row.size, false)).toEqual(["A1", "b10", "b9"]);
  expect(names((row) => row.name, false)).toEqual(["A1", "b9", "b10"]);
  expect(names((row) => row.name, true)).toEqual(["b10", "b9", "A1"]);
  expect(names(undefined, true)).toEqual(["b10", "b9", "A1"]);
});
