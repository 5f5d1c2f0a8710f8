import { expect, test } from "vitest";

import { bytes, count, duration, percent } from "./format.js";

test("sizes are told in the unit that fits", () => {
  const found = [0, 1, 1023, 1024, 4.1 * 1024 ** 2, 200 * 1024 ** 3, 2 * 1024 ** 5].map(bytes);
  expect(found).toEqual(["0 B", "1 B", "1023 B", "1.0 KiB", "4.1 MiB", "200 GiB", "2048 TiB"]);
});

test("times are told in two units", () => {
  const found = [0, 0.4, 59.4, 59.6, 60, 200, 3600, 7500, 90_000, 172_800].map(duration);
  expect(found).toEqual([
    "0 s",
    "0 s",
    "59 s",
    "1 min",
    "1 min",
    "3 min 20 s",
    "1 h",
    "2 h 5 min",
    "1 d 1 h",
    "2 d",
  ]);
});

test("numbers are easy to read", () => {
  expect(count(60_000)).toBe("60,000");
  expect(percent(98.06, 2)).toBe("98.06 %");
});
