import { text } from "../text.js";

/** What the picture needs to know of a brick. */
export interface PictureBrick {
  /** Place in the grid, from 1. */
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly kind: "input" | "inner" | "output";
  /** Name of an input or output brick. */
  readonly name?: string | null | undefined;
  readonly neurons: number;
  /** The bricks that it listens to, by their index. */
  readonly hears: readonly number[];
  /** How active its neurons are, 0 to 1; if any brick has it, the picture is coloured by it. */
  readonly activity?: number | undefined;
}

/** Whether the bricks are to be coloured by their activity. */
export function hasActivity(bricks: readonly PictureBrick[]): boolean {
  return bricks.some((brick) => brick.activity !== undefined);
}

/** The place of a brick as templates write it. */
export function position({ x, y, z }: PictureBrick): string {
  return `${String(x)},${String(y)},${String(z)}`;
}

/** What a brick is called: inner ones by their place. */
export function nameOf(brick: PictureBrick): string {
  return brick.name ?? text.bricks.table.inner(position(brick));
}

/** What a brick is for, and how large it is. */
export function sizeOf({ kind, neurons }: PictureBrick): string {
  const words = text.bricks;
  return `${words.kinds[kind]} · ${kind === "inner" ? words.neurons(neurons) : words.values(neurons)}`;
}

/** Whether two pictures are of the same bricks, in the same state. */
export function isSame(some: readonly PictureBrick[], others: readonly PictureBrick[]): boolean {
  return JSON.stringify(some) === JSON.stringify(others);
}
