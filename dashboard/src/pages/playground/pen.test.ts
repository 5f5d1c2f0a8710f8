import { expect, test } from "vitest";

import { centreOfMass, drawn, mnistShift, type Stroke } from "./pen.js";

const SIZE = 28;
const line: Stroke = {
  points: [
    { x: 4, y: 2 },
    { x: 4, y: 9 },
  ],
  radius: 1.2,
};

function extent(pixels: Float32Array): { width: number; height: number } {
  const inked = [...pixels.entries()].filter(([, ink]) => ink > 0.5).map(([index]) => index);
  const columns = inked.map((index) => index % SIZE);
  const rows = inked.map((index) => Math.floor(index / SIZE));
  return {
    width: Math.max(...columns) - Math.min(...columns) + 1,
    height: Math.max(...rows) - Math.min(...rows) + 1,
  };
}

test("a line is two to three pixels wide, full inside and soft at its edges", () => {
  const pixels = drawn([line], SIZE);
  const row = [...pixels.subarray(5 * SIZE, 6 * SIZE)];
  expect(Math.max(...row)).toBe(1);
  const ink = row.reduce((a, b) => a + b, 0);
  expect(ink).toBeGreaterThan(2);
  expect(ink).toBeLessThan(3);
  expect(row.filter((value) => value > 0 && value < 1).length).toBeGreaterThan(0);
});

test("a dot is painted, and nothing of what lies outside", () => {
  expect(drawn([{ points: [{ x: 14, y: 14 }], radius: 1 }], SIZE).some((ink) => ink > 0)).toBe(true);
  const outside = { points: [{ x: -20, y: -20 }], radius: 1 };
  expect(drawn([outside], SIZE).every((ink) => ink === 0)).toBe(true);
});

test("a drawing is made as large as a digit of MNIST, and centred by its mass", () => {
  const pixels = drawn([line], SIZE, mnistShift([line], SIZE));
  const { width, height } = extent(pixels);
  expect(height).toBeGreaterThanOrEqual(19);
  expect(height).toBeLessThanOrEqual(21);
  expect(width).toBeLessThanOrEqual(3);
  const { x, y } = centreOfMass(pixels, SIZE);
  expect(x).toBeCloseTo(14, 0);
  expect(y).toBeCloseTo(14, 0);
});

test("a dot stays a dot", () => {
  const dot: Stroke = { points: [{ x: 3, y: 3 }], radius: 1.2 };
  const { width, height } = extent(drawn([dot], SIZE, mnistShift([dot], SIZE)));
  expect(Math.max(width, height)).toBeLessThanOrEqual(4);
});

test("nothing stays where it is", () => {
  expect(mnistShift([], SIZE)).toEqual({ scale: 1, dx: 0, dy: 0 });
});
