import { expect, test } from "vitest";

import { match, safeBack } from "./routes.js";

test("a path gives its parameters", () => {
  expect(match("/clusters/:uuid", "/clusters/a%20b")).toEqual({ uuid: "a b" });
  expect(match("/", "/")).toEqual({});
  expect(match("/clusters", "/clusters/")).toEqual({});
});

test("other paths do not match", () => {
  expect(match("/clusters/:uuid", "/clusters")).toBeUndefined();
  expect(match("/clusters/:uuid", "/datasets/a")).toBeUndefined();
  expect(match("/clusters/:uuid", "/clusters/a/b")).toBeUndefined();
  expect(match("/clusters/:uuid", "/clusters/%")).toBeUndefined();
});

test("a log-in leads back to this server only", () => {
  expect(safeBack("/clusters/a?tab=live")).toBe("/clusters/a?tab=live");
  for (const back of [null, "", "clusters", "//elsewhere", "/\\elsewhere", "https://elsewhere", "/login"]) {
    expect(safeBack(back)).toBe("/");
  }
});
