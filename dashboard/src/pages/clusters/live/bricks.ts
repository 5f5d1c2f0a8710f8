/** The bricks of a cluster as its live view shows them. */

import type { Brick } from "hanami-sdk";

/** A brick, and how it is doing, which later servers tell. */
export type LiveBrick = Brick & {
  /** Share of its neurons that fire, 0 to 1. */
  readonly activity?: number;
  /** How wrong its neurons are, on average. */
  readonly error?: number;
};
