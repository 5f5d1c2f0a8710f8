/** Rows of datasets as values of a cluster's input bricks. */

import type { Brick, Dataset, Hanami, Preview } from "hanami-sdk";

/** Datasets that are looked at, at most. */
export const LOOKED_AT = 30;
/** Rows that a preview has, at most. */
const MOST_ROWS = 100;

/** The datasets whose rows the bricks may read. */
export async function fitting(
  hanami: Hanami,
  bricks: readonly Brick[],
  signal: AbortSignal,
): Promise<Dataset[]> {
  const all = await hanami.datasets.list({ signal });
  const found = await Promise.all(all.slice(0, LOOKED_AT).map((one) => hanami.datasets.get(one, { signal })));
  const width = bricks.reduce((sum, { neurons }) => sum + neurons, 0);
  return found.filter(
    (dataset) =>
      dataset.lines > 0 && (dataset.type === "csv" || (bricks.length === 1 && dataset.inputs === width)),
  );
}

/** How many rows a sample is made of: of a table as many as the longest window. */
export function rowsNeeded(bricks: readonly Brick[], { type, lines }: Dataset): number {
  const longest = type === "csv" ? Math.max(...bricks.map(({ neurons }) => neurons)) : 1;
  return Math.min(longest, lines, MOST_ROWS);
}

/**
 * The values of the bricks: the pixels of an image; of a table a window of the column that is named
 * like the brick, or else as many numbers of the first row as the brick has values.
 */
export function sampleOf(
  bricks: readonly Brick[],
  { images, columns = [], rows = [] }: Preview,
): Record<string, (number | null)[]> {
  const image = images?.[0];
  if (image !== undefined) {
    return Object.fromEntries(bricks.map(({ name = "" }) => [name, [...image.pixels]]));
  }
  const first = (rows[0] ?? []).filter((cell) => typeof cell === "number");
  let from = 0;
  const values: Record<string, (number | null)[]> = {};
  for (const { name = "", neurons } of bricks) {
    const column = columns.indexOf(name);
    const cells = column < 0 ? first.slice(from, from + neurons) : rows.map((row) => row[column]);
    from += column < 0 ? neurons : 0;
    values[name] = Array.from({ length: neurons }, (_, index) => {
      const cell = cells[index];
      return typeof cell === "number" ? cell : null;
    });
  }
  return values;
}
