import { describe, expect, it } from "vitest";

import { blockOf, indentBelow, nextPosition, siblings } from "./blocks.js";

const LINES = [
  "version: 1",
  "settings:   # all optional",
  "    seed: 3",
  "bricks:",
  "    1,1,1",
  "        input: pixels",
  "",
  "        number_of_neurons: 784",
  "    2,1,1",
  "        number_of_neurons: 400",
];

describe("the block of a line", () => {
  it.each([
    [1, 0, "template"],
    [2, 4, "settings"],
    [4, 4, "bricks"],
    [7, 8, "brick"],
    [10, 8, "brick"],
    [10, 4, "bricks"],
    [10, 0, "template"],
  ] as const)("below %i lines, indented by %i, is %s", (above, indent, block) => {
    expect(blockOf(LINES.slice(0, above), indent)).toBe(block);
  });
});

describe("the indentation of a new line", () => {
  it.each([
    [0, 0],
    [1, 0],
    [2, 4],
    [3, 4],
    [4, 4],
    [5, 8],
    [7, 8],
  ])("below %i lines is %i", (above, indent) => {
    expect(indentBelow(LINES.slice(0, above))).toBe(indent);
  });
});

describe("what stands beside a line", () => {
  it("is the other keys of its block", () => {
    expect(siblings(LINES, 5)).toEqual(new Set(["number_of_neurons"]));
    expect(siblings(LINES, 9)).toEqual(new Set());
    expect(siblings(LINES, 0)).toEqual(new Set(["settings", "bricks"]));
  });
});

describe("the next position", () => {
  it("is the first of all in an empty template", () => {
    expect(nextPosition(["bricks:"])).toBe("1,1,1");
  });

  it("lies beside the last brick and is free", () => {
    expect(nextPosition(LINES)).toBe("3,1,1");
    expect(nextPosition(["  2,1,1", "  3,1,1", "  1,1,1"])).toBe("4,1,1");
  });
});
