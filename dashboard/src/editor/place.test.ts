import { expect, test } from "vitest";

import { place } from "./place.js";

const TEXT = "version: 1\n  naïve 𝕏: 7\nend";

test("a place within a line", () => {
  const { from, to } = place(TEXT, { line: 2, column: 3, length: 5 });
  expect(TEXT.slice(from, to)).toBe("naïve");
});

test("characters of two units count once", () => {
  const { from, to } = place(TEXT, { line: 2, column: 9, length: 2 });
  expect(TEXT.slice(from, to)).toBe("𝕏:");
});

test("an empty place shows the character before it", () => {
  const { from, to } = place(TEXT, { line: 3, column: 4, length: 0 });
  expect(TEXT.slice(from, to)).toBe("d");
});

test("a place that is gone is as near as there is one", () => {
  expect(place("", { line: 3, column: 9, length: 2 })).toEqual({ from: 0, to: 0 });
  const { to } = place(TEXT, { line: 9, column: 90, length: 2 });
  expect(to).toBe(TEXT.length);
});
