import { expect, test } from "vitest";

import { nameFrom, nameProblem } from "./names.js";

test("what the server refuses is told beforehand", () => {
  for (const good of ["train", "My table_2", "a".repeat(256)]) {
    expect(nameProblem(good)).toBeUndefined();
  }
  for (const bad of ["", "abc", "1abc", "a-b-c", "a".repeat(257)]) {
    expect(nameProblem(bad)).toContain("4 to 256");
  }
  expect(nameProblem("anna@garden", "userId")).toBeUndefined();
  expect(nameProblem("the garden", "projectId")).toContain("letters");
});

test("names of files become names that the server takes", () => {
  expect(nameFrom("wine quality (red)", "table")).toBe("wine quality red");
  expect(nameFrom("2024-ab", "table")).toBe("ab table");
  expect(nameFrom("", "images")).toBe("images");
  for (const stem of ["…", "x", "ü-data", "a".repeat(400)]) {
    expect(nameProblem(nameFrom(stem, "table"))).toBeUndefined();
  }
});
