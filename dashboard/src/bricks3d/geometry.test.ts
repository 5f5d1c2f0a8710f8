import { describe, expect, it } from "vitest";

import { arc, centre, CORNER, fill, HEIGHT, neighbours } from "./geometry.js";

const PLACES = [
  [4, 4, 4],
  [4, 4, 5],
  [4, 5, 4],
  [4, 5, 5],
] as const;

describe("the bricks' places", () => {
  it.each(PLACES)("neighbours of %i,%i,%i share a side or a part of floor and ceiling", (x, y, z) => {
    const [left, low, back] = centre({ x, y, z });
    const beside = neighbours({ x, y, z });
    expect(beside).toHaveLength(12);
    for (const place of beside) {
      const [right, high, front] = centre(place);
      const flat = Math.hypot(right - left, front - back);
      if (place.z === z) {
        expect(flat).toBeCloseTo(1);
        expect(high).toBe(low);
      } else {
        // The hollow: where the corners of three hexagons meet.
        expect(flat).toBeCloseTo(CORNER);
        expect(Math.abs(high - low)).toBeCloseTo(HEIGHT);
      }
    }
  });

  it.each(PLACES)("nothing else is as near to %i,%i,%i", (x, y, z) => {
    const around = new Set(neighbours({ x, y, z }).map((place) => `${place.x},${place.y},${place.z}`));
    const here = centre({ x, y, z });
    for (const dx of [-2, -1, 0, 1, 2]) {
      for (const dy of [-2, -1, 0, 1, 2]) {
        for (const dz of [-1, 0, 1]) {
          const there = [x + dx, y + dy, z + dz] as const;
          if ((dx === 0 && dy === 0 && dz === 0) || around.has(String(there))) {
            continue;
          }
          const [tx, , tz] = centre({ x: there[0], y: there[1], z: there[2] });
          expect(Math.hypot(tx - here[0], tz - here[2])).toBeGreaterThan(1.05);
        }
      }
    }
  });
});

describe("how full bricks are", () => {
  it("grows with the neurons and ends at 1", () => {
    expect(fill(0)).toBe(fill(1));
    expect(fill(10)).toBeGreaterThan(fill(1));
    expect(fill(784)).toBeGreaterThan(fill(400));
    expect(fill(1e9)).toBe(1);
  });
});

describe("arcs", () => {
  it("begin and end at the bricks", () => {
    const points = arc([0, 0, 0], [3, 0, 0], 8);
    expect(points[0]).toEqual([0, 0, 0]);
    expect(points[8]).toEqual([3, 0, 0]);
    expect(points[4]?.[1]).toBeGreaterThan(0.5);
  });

  it("are straight between neighbours", () => {
    expect(arc([0, 0, 0], [1, 0, 0], 8)).toEqual([
      [0, 0, 0],
      [1, 0, 0],
    ]);
  });
});
