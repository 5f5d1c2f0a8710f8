/**
 * Strokes of a pen, and the pixels that they make: soft ones, two or three pixels wide, as the digits
 * of MNIST have them. Places are counted in pixels; the middle of the first pixel is at 0.5.
 */

export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface Stroke {
  readonly points: readonly Place[];
  /** Half the width of the line, in pixels. */
  readonly radius: number;
}

/** Moves and sizes what is drawn: `x` becomes `scale * x + dx`. */
export interface Shift {
  readonly scale: number;
  readonly dx: number;
  readonly dy: number;
}

export const stay: Shift = { scale: 1, dx: 0, dy: 0 };

/** Over so many pixels, the edge of a line goes from full to none. */
const SOFTNESS = 1.3;

/** The share of the side that a digit of MNIST fills. */
const BOX = 20 / 28;

/** A drawing is not made larger than this: a dot stays a dot. */
const LARGEST = 3;

/** The pixels of the strokes, from 0 to 1, row by row, on a square of `size` by `size`. */
export function drawn(strokes: readonly Stroke[], size: number, shift: Shift = stay): Float32Array {
  const pixels = new Float32Array(size * size);
  for (const { points, radius } of strokes) {
    const moved = points.map((point) => shifted(point, shift));
    for (const [index, to] of moved.entries()) {
      paint(pixels, size, moved[index - 1] ?? to, to, radius);
    }
  }
  return pixels;
}

/** What centres and sizes the strokes as MNIST does. The width of the lines stays as it is. */
export function mnistShift(strokes: readonly Stroke[], size: number): Shift {
  const points = strokes.flatMap(({ points: some }) => some);
  const radius = Math.max(...strokes.map((stroke) => stroke.radius));
  if (points.length === 0) {
    return stay;
  }
  const [left, right] = reach(points.map(({ x }) => x));
  const [top, bottom] = reach(points.map(({ y }) => y));
  const room = Math.max(size * BOX - 2 * radius, 1);
  const scale = Math.min(room / Math.max(right - left, bottom - top, 1e-6), LARGEST);
  const middle = size / 2;
  const boxed = {
    scale,
    dx: middle - (scale * (left + right)) / 2,
    dy: middle - (scale * (top + bottom)) / 2,
  };
  const mass = centreOfMass(drawn(strokes, size, boxed), size);
  return { scale, dx: boxed.dx + middle - mass.x, dy: boxed.dy + middle - mass.y };
}

export function shifted({ x, y }: Place, { scale, dx, dy }: Shift): Place {
  return { x: scale * x + dx, y: scale * y + dy };
}

/** Where the weight of the pixels lies; the middle if there is none. */
export function centreOfMass(pixels: Float32Array, size: number): Place {
  let sum = 0;
  let x = 0;
  let y = 0;
  for (const [index, value] of pixels.entries()) {
    sum += value;
    x += value * ((index % size) + 0.5);
    y += value * (Math.floor(index / size) + 0.5);
  }
  return sum === 0 ? { x: size / 2, y: size / 2 } : { x: x / sum, y: y / sum };
}

function reach(values: readonly number[]): [least: number, most: number] {
  return [Math.min(...values), Math.max(...values)];
}

/** Paints a piece of a line. Where there is ink already, the darker one stays. */
function paint(pixels: Float32Array, size: number, from: Place, to: Place, radius: number): void {
  const far = radius + SOFTNESS / 2;
  const inside = (value: number): number => Math.min(Math.max(Math.floor(value), 0), size - 1);
  for (
    let row = inside(Math.min(from.y, to.y) - far);
    row <= inside(Math.max(from.y, to.y) + far);
    row += 1
  ) {
    for (
      let column = inside(Math.min(from.x, to.x) - far);
      column <= inside(Math.max(from.x, to.x) + far);
      column += 1
    ) {
      const away = distance({ x: column + 0.5, y: row + 0.5 }, from, to);
      const ink = Math.min(Math.max((far - away) / SOFTNESS, 0), 1);
      const index = row * size + column;
      pixels[index] = Math.max(pixels[index] ?? 0, ink);
    }
  }
}

/** How far a place is from the line between two others. */
function distance(place: Place, from: Place, to: Place): number {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((place.x - from.x) * dx + (place.y - from.y) * dy) / length;
  const share = Math.min(Math.max(along, 0), 1);
  return Math.hypot(place.x - from.x - share * dx, place.y - from.y - share * dy);
}
