/** How a cluster's details are told. */

import type { Brick } from "hanami-sdk";

import type { PictureBrick } from "../../bricks3d/bricks.js";
import { text } from "../../text.js";

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/** A number of bytes in the unit that suits it. */
export function bytes(count: number): string {
  let unit = 0;
  let value = count;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit] ?? ""}`;
}

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
