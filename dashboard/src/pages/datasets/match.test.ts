import { expect, test } from "vitest";

import type { Known } from "./files.js";
import { matching, printed, sourcesOf } from "./match.js";

const known = (kind: Known["kind"], content: string): Known => ({
  kind,
  name: kind,
  data: new Blob([content]),
});

test("an upload goes on with the very files it was begun with", async () => {
  const table = known("table", "a,b\n1,2\n");
  const [same] = await printed([table]);
  const other = await printed([known("table", "a,b\n1,3\n"), known("labels", "a,b\n1,2\n")]);
  const wanted = [{ part: "input" as const, size: 8, print: same?.print }];
  expect(matching("csv", wanted, other)).toBeUndefined();
  expect(matching("csv", wanted, [...other, ...(await printed([table]))])).toEqual([table]);
  // Another browser began it: then size and kind have to do.
  const unseen = [{ part: "input" as const, size: 8, print: undefined }];
  expect(matching("csv", unseen, other)?.[0]?.kind).toBe("table");
});

test("a pair goes on only with both", async () => {
  const images = known("images", "iiii");
  const labels = known("labels", "ll");
  const wanted = [
    { part: "input" as const, size: 4, print: undefined },
    { part: "label" as const, size: 2, print: undefined },
  ];
  expect(matching("mnist", wanted, await printed([images]))).toBeUndefined();
  expect(matching("mnist", wanted, await printed([labels, images]))).toEqual([images, labels]);
  expect(sourcesOf("mnist", [labels, images])).toEqual({ images: images.data, labels: labels.data });
});
