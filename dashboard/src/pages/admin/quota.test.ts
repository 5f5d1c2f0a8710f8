import { expect, test } from "vitest";

import { entered, limitOf, limitsOf } from "./quota.js";

test("a limit that is shown can be entered as it is", () => {
  for (const limit of [0, 1000, 20_000_000_000, 107_374_182_400, 123_456_789]) {
    expect(limitOf("datasetBytes", entered("datasetBytes", limit))).toBe(limit);
    expect(limitOf("clusters", entered("clusters", limit))).toBe(limit);
  }
});

test("an empty field is the default, nonsense is told", () => {
  expect(limitOf("clusters", " ")).toBeUndefined();
  expect(limitOf("clusters", "many")).toBeNaN();
  expect(limitOf("clusters", "1.5")).toBeNaN();
  expect(limitOf("datasetBytes", "20 apples")).toBeNaN();
  expect(
    limitsOf({ datasetBytes: "20 GB", checkpointBytes: "", clusterBytes: "5", clusters: "7", openTasks: "" }),
  ).toEqual({
    datasetBytes: 20e9,
    checkpointBytes: undefined,
    clusterBytes: 5,
    clusters: 7,
    openTasks: undefined,
  });
});
