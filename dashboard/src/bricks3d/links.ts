/** Which arrows between bricks a picture has. */

import type { PictureBrick } from "./bricks.js";
import type { Point } from "./geometry.js";

/** Most arrows in one picture, besides those of a marked brick: of more one sees none. */
export const MOST_LINKS = 400;

/** An arrow from a brick to one that listens to it. */
export interface Link {
  readonly start: Point;
  readonly end: Point;
  /** Whether it is one of the marked brick. */
  readonly marked: boolean;
}

/** The arrows to be shown: those of the marked brick, and of the others the shortest. */
export function shownLinks(
  bricks: readonly PictureBrick[],
  centres: readonly Point[],
  marked: number | undefined,
): Link[] {
  const all = bricks.flatMap(({ hears }, to) =>
    hears.flatMap((from): Link[] => {
      const [start, end] = [centres[from], centres[to]];
      return start && end ? [{ start, end, marked: from === marked || to === marked }] : [];
    }),
  );
  const others = all.filter((link) => !link.marked).sort((a, b) => length(a) - length(b));
  return [...all.filter((link) => link.marked), ...others.slice(0, MOST_LINKS)];
}

function length({ start, end }: Link): number {
  return Math.hypot(end[0] - start[0], end[1] - start[1], end[2] - start[2]);
}
