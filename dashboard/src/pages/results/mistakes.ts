/** The answers of a result that are wrong, the worst first. */

export interface Mistake {
  /** Row of the result, counted from 0. */
  readonly row: number;
  readonly right: number;
  readonly answered: number;
  /** How sure the answer was, 0 to 1, if that was kept; of numbers, how far off it is. */
  readonly weight: number | undefined;
}

/** Wrong classes: the surest first if that is known, else as they come. */
export function wrongClasses(
  answers: readonly number[],
  truth: readonly number[],
  sureness: (row: number) => number | undefined,
): Mistake[] {
  const wrong = answers.flatMap((answered, row) => {
    const right = truth[row];
    return right === undefined || right === answered ? [] : [{ row, right, answered, weight: sureness(row) }];
  });
  return wrong.toSorted((a, b) => (b.weight ?? 0) - (a.weight ?? 0));
}

/** Numbers, the farthest off first. */
export function farthestOff(answers: readonly number[], truth: readonly number[]): Mistake[] {
  const all = answers.flatMap((answered, row) => {
    const right = truth[row] ?? Number.NaN;
    return Number.isFinite(right) ? [{ row, right, answered, weight: Math.abs(answered - right) }] : [];
  });
  return all.toSorted((a, b) => b.weight - a.weight);
}
