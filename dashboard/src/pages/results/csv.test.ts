import { expect, test } from "vitest";

import { columnOf, rowsOf } from "./csv.js";

test("a table has its rows and cells", () => {
  expect(rowsOf("a,b\n1,\n,2\n")).toEqual([
    ["a", "b"],
    ["1", ""],
    ["", "2"],
  ]);
  expect(rowsOf("a,b\r\n1,2")).toEqual([
    ["a", "b"],
    ["1", "2"],
  ]);
  expect(rowsOf("a,")).toEqual([["a", ""]]);
  expect(rowsOf("")).toEqual([]);
});

test("quoted cells hold commas, quotes and ends of lines", () => {
  expect(rowsOf('a,"b,c"\n"say ""hi""","two\nlines"\n')).toEqual([
    ["a", "b,c"],
    ['say "hi"', "two\nlines"],
  ]);
  expect(rowsOf('"open')).toEqual([["open"]]);
});

test("a column is found by its name", () => {
  expect(columnOf("size,colour\n1,red\n2,blue\n", "colour")).toEqual(["red", "blue"]);
  expect(columnOf("size\n1\n", "colour")).toBeUndefined();
});
