/** The bricks of a cluster as its live view shows them. */

import type { Brick } from "hanami-sdk";

import type { PictureBrick } from "../../../bricks3d/bricks.js";

/** A brick, and how it is doing, which later servers tell. */
export type LiveBrick = Brick & {
  /** Share of its neurons that fire, 0 to 1. */
  readonly activity?: number;
  /** How wrong its neurons are, on average. */
  readonly error?: number;
  /** The bricks that it listens to, by their index. */
  readonly hears?: readonly number[];
};

/** The bricks as the picture takes them. */
export function pictured(bricks: readonly LiveBrick[]): PictureBrick[] {
  return bricks.map(({ name, kind, position: [x, y, z], neurons, activity, hears = [] }) => ({
    x,
    y,
    z,
    kind,
    name,
    neurons,
    activity,
    hears,
  }));
}
