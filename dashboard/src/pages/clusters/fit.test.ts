import type { Column } from "hanami-sdk";
import { describe, expect, it } from "vitest";

import { forImages, forRows, forWindows, targets } from "./fit.js";
import { written } from "./layout.js";

const number = (name: string): Column => ({ name, type: "number", minimum: 0, maximum: 1 });
const colour: Column = {
  name: "colour",
  type: "category",
  categories: [
    { category: "blue", count: 2 },
    { category: "red", count: 3 },
    { category: "white", count: 1 },
  ],
};

/** The entries of a template, without comments and indentation. */
const entries = (template: string): string[] =>
  template
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));

describe("a template for images", () => {
  it("has a neuron for each pixel and each class", () => {
    expect(entries(forImages({ name: "digits", inputs: 784, outputs: 10 }))).toEqual([
      "version: 1",
      "bricks:",
      "1,1,1",
      "input: pixels",
      "number_of_neurons: 784",
      "2,1,1",
      "number_of_neurons: 400",
      "3,1,1",
      "output: classes",
      "number_of_neurons: 10",
    ]);
  });
});

describe("a template for rows", () => {
  const weight = number("weight");
  const columns = [number("age"), colour, weight];

  it("takes one neuron for a number and one for each category", () => {
    const text = entries(forRows("people", columns, weight));
    expect(text).toContain("input: features");
    expect(text).toContain("number_of_neurons: 4");
    expect(text.slice(-2)).toEqual(["output: weight", "number_of_neurons: 1"]);
  });

  it("can answer with a category", () => {
    expect(entries(forRows("people", columns, colour)).slice(-2)).toEqual([
      "output: colour",
      "number_of_neurons: 3",
    ]);
  });
});

describe("a template for windows", () => {
  it("names its bricks like the columns and leaves out categories", () => {
    const heat = number("heat");
    const columns = [number("load"), colour, heat];
    const text = entries(forWindows("engine", columns, heat, 12));
    expect(text.filter((line) => line.includes("put:"))).toEqual(["input: load", "output: heat"]);
    expect(text).toContain("number_of_neurons: 12");
  });

  it("leaves out columns that no brick can be named like", () => {
    expect(targets([number("a #1"), number("#b"), number("c")], "windows").map(({ name }) => name)).toEqual([
      "c",
    ]);
  });
});

describe("where bricks lie", () => {
  it.each([1, 5, 6, 40, 200])("%i inputs have places of their own within reach", (count) => {
    const inputs = Array.from({ length: count }, (_, index) => ({ name: `b${index}`, width: 1 }));
    const text = entries(written({ inputs, inner: 10, output: { name: "end", width: 1 } }));
    const places = text.filter((line) => /^\d+,\d+,\d+$/.test(line));
    expect(places).toHaveLength(count + 2);
    expect(new Set(places).size).toBe(count + 2);
    expect(text.some((line) => line.startsWith("max_connection_distance"))).toBe(count > 5);
  });
});
