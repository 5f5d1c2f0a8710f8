/** How a cluster's details are told. */

import type { Brick } from "hanami-sdk";

import type { PictureBrick } from "../../bricks3d/bricks.js";
import { text } from "../../text.js";

/** The bricks of a cluster as the picture takes them; `drawn`, in the same order, tells who listens to whom. */
export function pictured(bricks: readonly Brick[], drawn: readonly PictureBrick[]): PictureBrick[] {
  const listens = drawn.length === bricks.length;
  return bricks.map(({ position: [x, y, z], kind, name, neurons, activity }, index) => ({
    x,
    y,
    z,
    kind,
    name,
    neurons,
    hears: listens ? (drawn[index]?.hears ?? []) : [],
    activity,
  }));
}

/** What a brick is called. */
export function brickName({ name, position }: Brick): string {
  return name ?? text.bricks.table.inner(position.join(","));
}

/** A number with as many digits as tell something. */
export function short(value: number | undefined): string {
  return value === undefined
    ? text.cluster.unknown
    : value.toLocaleString("en", { maximumSignificantDigits: 3 });
}
