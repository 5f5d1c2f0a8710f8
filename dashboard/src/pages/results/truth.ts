/** The right answers to the rows of a result, as the dataset has them. */

import type { Dataset, Hanami, RequestResult, Score } from "hanami-sdk";

import { columnOf } from "./csv.js";

/** Cells of a table that are still loaded as a whole. */
const LARGEST_TABLE = 5_000_000;

/**
 * For each row of the result, the right number, or the index of the right class; nothing if that would
 * take too much to load.
 */
export async function truthOf(
  hanami: Hanami,
  { result, dataset, score }: { result: RequestResult; dataset: Dataset; score: Score },
  signal: AbortSignal,
): Promise<number[] | undefined> {
  if (dataset.type === "mnist") {
    const answer = await hanami.datasets.download(dataset, { part: "label", signal });
    return labelsOf(new Uint8Array(await answer.arrayBuffer()));
  }
  if (result.column === undefined || dataset.lines * dataset.inputs > LARGEST_TABLE) {
    return undefined;
  }
  const answer = await hanami.datasets.download(dataset, { signal });
  const cells = columnOf(await answer.text(), result.column);
  const classes = score.classes?.map((one) => one.class);
  // The first window needs rows before there is an answer: both end at the same row.
  return cells
    ?.slice(-result.rows)
    .map((cell) => (classes === undefined ? Number(cell) : classes.indexOf(cell)));
}

/** The labels in an IDX file: a header of eight bytes, then one byte each. */
export function labelsOf(file: Uint8Array): number[] {
  return [...file.subarray(8)];
}
