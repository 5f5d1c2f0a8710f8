/** Which labels of a picture are shown, so that none covers another. */

/** A label that could be shown. */
export interface Label {
  /** Index of its brick. */
  readonly brick: number;
  /** Middle of its lower edge, in pixels of the picture; of its upper one if it lies below its brick. */
  readonly x: number;
  readonly y: number;
  readonly below: boolean;
  /** Distance from the viewer; nearer labels win. */
  readonly depth: number;
  /** Labels of a higher rank win, however far away. */
  readonly rank: number;
  /** Characters of its longest line. */
  readonly chars: number;
}

const CHAR = 5.6;
const PADDING = 18;
const HEIGHT = 32;

/** The labels that fit, those that matter most first. */
export function shown(labels: readonly Label[]): Label[] {
  const order = [...labels].sort((a, b) => b.rank - a.rank || a.depth - b.depth);
  const kept: Label[] = [];
  for (const label of order) {
    if (!kept.some((other) => overlap(label, other))) {
      kept.push(label);
    }
  }
  return kept;
}

function overlap(a: Label, b: Label): boolean {
  const width = ((a.chars + b.chars) * CHAR) / 2 + PADDING;
  return Math.abs(a.x - b.x) < width && Math.abs(top(a) - top(b)) < HEIGHT;
}

function top({ y, below }: Label): number {
  return below ? y : y - HEIGHT;
}
