/** Where in a text a mistake stands. */

/** A place as the server tells it: line and column count from 1, column and length in characters. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/**
 * The place in units of a JavaScript string. A text that has changed since may lack it; then the place
 * is as near as there is one. Of an empty place the character before it is shown.
 */
export function place(text: string, { line, column, length }: Place): { from: number; to: number } {
  const lines = text.split("\n");
  const index = Math.min(Math.max(line, 1), lines.length) - 1;
  const start = lines.slice(0, index).reduce((sum, above) => sum + above.length + 1, 0);
  const characters = Array.from(lines[index] ?? "");
  const units = (count: number): number => characters.slice(0, count).join("").length;
  const from = units(column - 1);
  const to = units(column - 1 + length);
  return to > from
    ? { from: start + from, to: start + to }
    : { from: start + units(column - 2), to: start + from };
}
