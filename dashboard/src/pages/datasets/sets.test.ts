import { expect, test } from "vitest";

import type { Known } from "./files.js";
import { arrange, nameOfSet, problemOfSet } from "./sets.js";

function known(kind: Known["kind"], name: string, items?: number): Known {
  return { kind, name, data: new Blob(), ...(items === undefined ? {} : { items }) };
}

const names = (files: readonly Known[]): (string | undefined)[][] =>
  arrange(files).map((set) => (set.type === "csv" ? [set.table.name] : [set.images?.name, set.labels?.name]));

test("images find their labels by name first, then by number", () => {
  expect(
    names([
      known("labels", "t10k-labels-idx1-ubyte.gz", 10),
      known("images", "train-images-idx3-ubyte", 10),
      known("images", "t10k-images-idx3-ubyte.gz", 10),
      known("labels", "train-labels-idx1-ubyte", 10),
      known("images", "faces", 7),
      known("labels", "who", 7),
    ]),
  ).toEqual([
    ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"],
    ["t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"],
    ["faces", "who"],
  ]);
});

test("a set that can't be uploaded says what it lacks", () => {
  const images = known("images", "a-images", 60000);
  const words = (files: readonly Known[]): string | undefined => arrange(files).map(problemOfSet).join("|");
  expect(words([images])).toContain("labels");
  expect(words([known("labels", "a-labels", 1)])).toContain("images");
  expect(words([images, known("labels", "a-labels", 10000)])).toMatch(/60,000 images.*10,000 labels/);
  expect(words([images, known("labels", "a-labels", 60000), known("table", "a.csv")])).toBe("|");
});

test("datasets are named like their files", () => {
  const name = (...files: Known[]): string[] => arrange(files).map(nameOfSet);
  expect(name(known("images", "train-images-idx3-ubyte.gz", 1))).toEqual(["train"]);
  expect(name(known("images", "t10k-images.idx3-ubyte", 1))).toEqual(["t10k"]);
  expect(name(known("table", "wine quality.csv"))).toEqual(["wine quality"]);
});
