/** A table as the server sends it: comma separated, quoted where it has to be. */

/** The cells of one column; nothing if there is no such column. */
export function columnOf(table: string, column: string): string[] | undefined {
  const [names, ...rows] = rowsOf(table);
  const index = names?.indexOf(column) ?? -1;
  return index < 0 ? undefined : rows.map((row) => row[index] ?? "");
}

/** The rows of a table with their cells. */
export function rowsOf(table: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < table.length) {
    const { cell, end } = table[at] === '"' ? quoted(table, at) : plain(table, at);
    row.push(cell);
    if (table[end] !== ",") {
      rows.push(row);
      row = [];
    } else if (end + 1 === table.length) {
      row.push("");
      rows.push(row);
    }
    at = end + (table[end] === "\r" && table[end + 1] === "\n" ? 2 : 1);
  }
  return rows;
}

/** The cell that begins at `from`, and where it ends. */
function plain(table: string, from: number): { cell: string; end: number } {
  let end = from;
  while (end < table.length && table[end] !== "," && table[end] !== "\n" && table[end] !== "\r") {
    end += 1;
  }
  return { cell: table.slice(from, end), end };
}

function quoted(table: string, from: number): { cell: string; end: number } {
  let cell = "";
  let at = from + 1;
  for (;;) {
    const quote = table.indexOf('"', at);
    if (quote < 0) {
      return { cell: cell + table.slice(at), end: table.length };
    }
    cell += table.slice(at, quote);
    if (table[quote + 1] !== '"') {
      return { cell, end: quote + 1 };
    }
    cell += '"';
    at = quote + 2;
  }
}
