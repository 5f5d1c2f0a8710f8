import type { Brick } from "hanami-sdk";
import { expect, test } from "vitest";

import { brickName, pictured, short } from "./details.js";

const brick = (some: Partial<Brick>): Brick => ({
  kind: "inner",
  position: [2, 1, 1],
  neuronsLimit: 9,
  neurons: 4,
  sections: 0,
  synapses: 0,
  ...some,
});

test("bricks are drawn with whom they listen to, if that is known", () => {
  const bricks = [brick({ kind: "input", name: "a", position: [1, 1, 1] }), brick({})];
  const drawn = pictured(bricks, []).map((each, index) => ({ ...each, hears: index === 1 ? [0] : [] }));
  expect(pictured(bricks, drawn).map(({ hears }) => hears)).toEqual([[], [0]]);
  expect(pictured(bricks, drawn.slice(1)).map(({ hears }) => hears)).toEqual([[], []]);
});

test("inner bricks are called by their place", () => {
  expect(brickName(brick({}))).toBe("inner 2,1,1");
  expect(brickName(brick({ name: "a" }))).toBe("a");
});

test("numbers are short", () => {
  expect([undefined, 0, 0.012345, 1234.5].map(short)).toEqual(["–", "0", "0.0123", "1,230"]);
});
