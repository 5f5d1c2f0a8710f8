/** What a table shows of its rows. */

export interface Column<Row> {
  readonly key: string;
  readonly label: string;
  /** The text of a cell; without it, the table's `cell` draws it. */
  readonly text?: (row: Row) => string;
  /** What to sort by; a column without can't be sorted by. */
  readonly sort?: (row: Row) => string | number;
  /** Whether the cells are numbers, which stand at the right. */
  readonly number?: boolean;
}

/** The rows in the order of what `by` says of them; as they are without it. */
export function sorted<Row>(
  rows: readonly Row[],
  by: ((row: Row) => string | number) | undefined,
  falling: boolean,
): readonly Row[] {
  if (by === undefined) {
    return rows;
  }
  const sign = falling ? -1 : 1;
  return rows.toSorted((a, b) => sign * compare(by(a), by(b)));
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === "number" && typeof b === "number") {
    return a - b;
  }
  return String(a).localeCompare(String(b), "en", { numeric: true });
}
