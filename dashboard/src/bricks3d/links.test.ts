import { expect, test } from "vitest";

import type { PictureBrick } from "./bricks.js";
import { centre } from "./geometry.js";
import { MOST_LINKS, shownLinks } from "./links.js";

/** A row of bricks, each of which listens to all before it. */
function row(count: number): PictureBrick[] {
  return Array.from({ length: count }, (_, index) => ({
    x: index + 1,
    y: 1,
    z: 1,
    kind: "inner",
    neurons: 1,
    hears: Array.from({ length: index }, (_none, heard) => heard),
  }));
}

test("every brick gets an arrow from those that it listens to", () => {
  const bricks = row(3);
  const links = shownLinks(bricks, bricks.map(centre), 2);
  expect(links).toHaveLength(3);
  expect(links.filter(({ marked }) => marked).map(({ start }) => start[0])).toEqual([1, 2]);
});

test("of too many, the shortest and those of the marked brick stay", () => {
  const bricks = row(60);
  const links = shownLinks(bricks, bricks.map(centre), 0);
  expect(links.filter(({ marked }) => marked)).toHaveLength(59);
  expect(links).toHaveLength(59 + MOST_LINKS);
  const rest = links.filter(({ marked }) => !marked).map(({ start, end }) => end[0] - start[0]);
  expect(Math.max(...rest)).toBeLessThan(10);
});

test("a brick that is not there has no arrow", () => {
  const bricks = row(1).map((brick) => ({ ...brick, hears: [7] }));
  expect(shownLinks(bricks, bricks.map(centre), undefined)).toEqual([]);
});
