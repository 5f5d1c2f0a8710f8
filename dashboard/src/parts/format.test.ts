import { expect, test } from "vitest";

import { bytes, count, duration, measure, parseBytes } from "./format.js";

test("sizes are told in the unit that keeps them short, and read back", () => {
  expect([0, 1, 999, 1000, 47_040_016, 107_374_182_400].map(bytes)).toEqual([
    "0 B",
    "1 B",
    "999 B",
    "1 KB",
    "47 MB",
    "107 GB",
  ]);
  expect(["200", "1.5 GB", "3kb", "1,000 MB"].map(parseBytes)).toEqual([200, 1.5e9, 3000, 1e9]);
  expect(["", "much", "-1", "1 GiB", "1e3"].map(parseBytes)).toEqual(Array(5).fill(undefined));
});

test("times are told in their two largest units", () => {
  expect([0, 59.6, 245, 3600, 3725].map(duration)).toEqual(["0 s", "1 min", "4 min 5 s", "1 h", "1 h 2 min"]);
});

test("numbers are told with the digits that matter", () => {
  expect(count(60000)).toBe("60,000");
  expect([0, 2, 2.6666666666666665, 1234.5678, 1e-7, 3e12].map(measure)).toEqual([
    "0",
    "2",
    "2.6667",
    "1,234.6",
    "1.00e-7",
    "3.00e+12",
  ]);
});
