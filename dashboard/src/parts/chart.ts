/** What a chart shows. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A line of a chart; its points rise in `x`. */
export interface Series {
  readonly label: string;
  readonly points: readonly Point[];
}

/** All places along the x axis where a series has a point, in their order. */
export function places(series: readonly Series[]): number[] {
  const all = new Set(series.flatMap(({ points }) => points.map(({ x }) => x)));
  return [...all].sort((a, b) => a - b);
}

/** The index of what is nearest to `x` in `sorted`; -1 if there is nothing. */
export function nearest(sorted: readonly number[], x: number): number {
  let best = -1;
  for (const [index, place] of sorted.entries()) {
    if (best < 0 || Math.abs(place - x) < Math.abs((sorted[best] ?? 0) - x)) {
      best = index;
    }
  }
  return best;
}

/** At most `count` of the rows, evenly apart, with the first and the last. */
export function thinned<Row>(rows: readonly Row[], count: number): readonly Row[] {
  if (rows.length <= count) {
    return rows;
  }
  const step = (rows.length - 1) / (count - 1);
  return Array.from({ length: count }, (_, index) => rows[Math.round(index * step)]).filter(
    (row) => row !== undefined,
  );
}
