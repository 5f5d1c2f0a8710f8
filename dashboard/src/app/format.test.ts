import { expect, test } from "vitest";

import { bytes, count, duration, instant, measure, parseBytes, percent } from "./format.js";

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

test("sizes that people enter are understood", () => {
  expect(["200", "1.5 GB", "3kb", "1,000 MB", "100 GiB", "1 kib"].map(parseBytes)).toEqual([
    200,
    1.5e9,
    3000,
    1e9,
    100 * 1024 ** 3,
    1024,
  ]);
  expect(["", "much", "-1", "1 apple", "1e3"].map(parseBytes)).toEqual(Array(5).fill(undefined));
});

test("measured numbers have the digits that matter", () => {
  const found = [0, 2, 2.6666666666666665, 1234.5678, 1e-7, 3e12].map(measure);
  expect(found).toEqual(["0", "2", "2.6667", "1,234.6", "1.00e-7", "3.00e+12"]);
});

test("times of logs are those of the server", () => {
  expect(instant(new Date("2026-11-24T12:42:52Z"))).toBe("24 Nov 2026, 12:42:52");
});
