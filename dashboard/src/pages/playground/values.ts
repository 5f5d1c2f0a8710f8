/** Rows of numbers that people type or paste. */

import { text } from "../../text.js";

/** What is typed, by input brick; `null` is not known. */
export type Row = Readonly<Record<string, readonly (number | null)[]>>;

/** The values of a pasted row, `null` for what is not known; or what is wrong with it. */
export function pasted(row: string, wanted: number): { values: (number | null)[] } | { problem: string } {
  const separator = /[,;\t]/.test(row) ? /[,;\t]/ : /\s+/;
  const cells = row
    .trim()
    .split(separator)
    .map((cell) => cell.trim());
  if (cells.length !== wanted) {
    return { problem: text.playground.row.wrongCount(cells.length, wanted) };
  }
  const values = cells.map((cell) => (cell === "" ? null : Number(cell)));
  const bad = values.findIndex((value) => value !== null && !Number.isFinite(value));
  return bad < 0 ? { values } : { problem: text.playground.row.noNumber(cells[bad] ?? "") };
}

/** How far the values are from the wanted ones, at most. */
export function farthest(values: readonly number[], wanted: readonly number[]): number {
  return Math.max(...wanted.map((value, index) => Math.abs(value - (values[index] ?? Infinity))));
}

/** The index of the highest value; -1 if there is none. */
export function highest(values: readonly number[]): number {
  return values.reduce((best, value, index) => (value > (values[best] ?? -Infinity) ? index : best), -1);
}
