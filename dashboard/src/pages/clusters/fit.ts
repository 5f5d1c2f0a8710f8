/** Templates that fit a dataset. */

import type { Column, Dataset } from "hanami-sdk";

import { text } from "../../text.js";
import { type Port, written } from "./layout.js";

/** How bricks read a table: whole rows, or each one column through a window over rows. */
export type Reading = "rows" | "windows";

const words = text.newCluster.fit;
/** Neurons that an inner brick may have, by what it is to learn. */
const INNER = { images: 400, rows: 128, windows: 128 };

/** A template for images: their pixels, and a value for each class. */
export function forImages({ name, inputs, outputs }: Pick<Dataset, "name" | "inputs" | "outputs">): string {
  return written({
    notes: [words.notes.images(name)],
    inputs: [{ name: "pixels", width: inputs }],
    inner: INNER.images,
    output: { name: "classes", width: outputs },
  });
}

/** The columns that can be predicted from the others, if bricks read the table so. */
export function targets(columns: readonly Column[], reading: Reading): Column[] {
  return columns.filter((column) => isNamable(column) && (reading === "rows" || column.type !== "category"));
}

/** A template for a table whose rows are samples: all columns but one side by side, and the one. */
export function forRows(table: string, columns: readonly Column[], target: Column): string {
  const features = columns.filter((column) => column !== target);
  return written({
    notes: words.notes.rows(
      table,
      features.map((column) => column.name),
      target.name,
    ),
    inputs: [{ name: "features", width: features.reduce((sum, column) => sum + width(column), 0) }],
    inner: INNER.rows,
    output: { name: target.name, width: width(target) },
  });
}

/** A template for a table whose rows follow each other in time: bricks are named like their columns. */
export function forWindows(table: string, columns: readonly Column[], target: Column, rows: number): string {
  const inputs = targets(columns, "windows")
    .filter((column) => column !== target)
    .map(({ name }): Port => ({ name, width: rows }));
  return written({
    notes: [words.notes.windows(table, rows)],
    inputs,
    inner: INNER.windows,
    output: { name: target.name, width: 1 },
  });
}

/** Neurons that a column of a row takes: one, or one for each category. */
function width({ type, categories }: Column): number {
  return type === "category" ? (categories?.length ?? 1) : 1;
}

/** Whether a brick can have the name of a column. */
function isNamable({ name }: Column): boolean {
  return (
    name === name.trim() && name !== "" && !/^#|\s#|\p{Cc}/u.test(name) && Array.from(name).length <= 256
  );
}
