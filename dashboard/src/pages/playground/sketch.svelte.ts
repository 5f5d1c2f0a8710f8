/** What is drawn: strokes, maybe over a sample of a dataset. Kept in the tab's storage. */

import { drawn, mnistShift, type Place, type Shift, stay, type Stroke } from "./pen.js";

/** How thick a pen may be, as half the width of its line on a square of 28 by 28. */
export const RADII = { thin: 0.85, medium: 1.2, thick: 1.7 } as const;

export type Thickness = keyof typeof RADII;

interface Kept {
  readonly strokes: readonly Stroke[];
  readonly base: readonly number[] | undefined;
  readonly thickness: Thickness;
  readonly centred: boolean;
  readonly full: number;
}

export class Sketch {
  /** Pixels along a side. */
  readonly size: number;
  readonly #key: string;
  strokes = $state.raw<readonly Stroke[]>([]);
  /** The pixels of a sample, 0 to `full`, which the strokes lie on. */
  base = $state.raw<readonly number[] | undefined>();
  thickness = $state<Thickness>("medium");
  /** Whether the cluster sees it centred and sized as MNIST does. */
  centred = $state(false);
  /** The value of full ink. */
  full = $state(255);

  constructor(cluster: string, size: number) {
    this.size = size;
    this.#key = `hanami.sketch.${cluster}`;
    this.centred = size === 28;
    const found = sessionStorage.getItem(this.#key);
    if (found !== null) {
      Object.assign(this, JSON.parse(found) as Kept);
    }
  }

  get empty(): boolean {
    return this.strokes.length === 0 && this.base === undefined;
  }

  /** What moves the drawing to where the cluster sees it. A sample stays where it is. */
  get shift(): Shift {
    return this.centred && this.base === undefined && this.strokes.length > 0
      ? mnistShift(this.strokes, this.size)
      : stay;
  }

  /** The ink as it was drawn, 0 to 1. */
  get shown(): Float32Array {
    return this.#inked(stay);
  }

  /** The values that the cluster gets. */
  get seen(): Float32Array {
    return this.#inked(this.shift).map((ink) => Math.round(ink * this.full * 1000) / 1000);
  }

  /** Half the width of the pen, in pixels. */
  get radius(): number {
    return Math.max((RADII[this.thickness] * this.size) / 28, 0.5);
  }

  begin(at: Place): void {
    this.strokes = [...this.strokes, { points: [at], radius: this.radius }];
  }

  /** Goes on with the last stroke. */
  extend(places: readonly Place[]): void {
    const last = this.strokes.at(-1);
    if (last !== undefined) {
      this.strokes = [...this.strokes.slice(0, -1), { ...last, points: [...last.points, ...places] }];
    }
  }

  undo(): void {
    if (this.strokes.length > 0) {
      this.strokes = this.strokes.slice(0, -1);
    } else {
      this.base = undefined;
    }
  }

  clear(): void {
    this.strokes = [];
    this.base = undefined;
  }

  /** Shows a sample in place of what is drawn. */
  show(pixels: readonly number[]): void {
    this.strokes = [];
    this.base = pixels;
  }

  keep(): void {
    const { strokes, base, thickness, centred, full } = this;
    const kept: Kept = { strokes, base, thickness, centred, full };
    try {
      sessionStorage.setItem(this.#key, JSON.stringify(kept));
    } catch {
      // The storage is full: the drawing is lost on a reload, and nothing else.
    }
  }

  #inked(shift: Shift): Float32Array {
    const ink = drawn(this.strokes, this.size, shift);
    const { base } = this;
    return base === undefined
      ? ink
      : ink.map((value, index) => Math.max(value, (base[index] ?? 0) / this.full));
  }
}
