import type { Brick } from "hanami-sdk";
import { expect, test } from "vitest";

import { sampleOf } from "./sample.js";

function input(name: string, neurons: number): Brick {
  return {
    name,
    kind: "input",
    position: [1, 1, 1],
    neuronsLimit: neurons,
    neurons,
    sections: 0,
    synapses: 0,
  };
}

test("a brick that is named like a column reads a window of it", () => {
  const preview = {
    uuid: "",
    from: 0,
    lines: 3,
    columns: ["load", "wear"],
    rows: [
      [1, 4],
      [2, 5],
      [3, 6],
    ],
  };
  expect(sampleOf([input("wear", 2)], preview)).toEqual({ wear: [4, 5] });
});

test("another brick reads the numbers of a row side by side", () => {
  const preview = { uuid: "", from: 0, lines: 1, columns: ["a", "b", "c"], rows: [[1, "red", 3]] };
  expect(sampleOf([input("x", 1), input("y", 2)], preview)).toEqual({ x: [1], y: [3, null] });
});

test("an image gives its pixels", () => {
  const preview = { uuid: "", from: 0, lines: 1, images: [{ pixels: [0, 255], label: 1 }] };
  expect(sampleOf([input("x", 2)], preview)).toEqual({ x: [0, 255] });
});
