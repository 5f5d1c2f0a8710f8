/**
 * Where bricks lie in space.
 *
 * The grid is that of the network: hexagonal layers, of which every even one lies in the hollows of the
 * odd ones. Here a brick is a hexagonal prism. In a layer, prisms share their six sides; the prism
 * above stands on the corner where three others meet, so it shares its floor with these three. Each
 * thus touches its twelve neighbours and nothing else.
 *
 * A brick is 1 wide, from side to side. In space x points right, y up (the grid's layers, z) and z
 * towards the viewer (the grid's rows, y).
 */

/** A point in space. */
export type Point = readonly [x: number, y: number, z: number];

/** A place in the grid. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** From the centre of a hexagon to its corners, where the sides are 1 apart. */
export const CORNER = 1 / Math.sqrt(3);
/** How high a brick is; free to choose, as prisms of any height fill space. */
export const HEIGHT = 0.8;

const ROW = Math.sqrt(3) / 2;
const HOLLOW_X = 0.5;
const HOLLOW_Y = Math.sqrt(3) / 6;

/** The centre of the brick at a place of the grid. */
export function centre({ x, y, z }: Place): Point {
  const evenLayer = z % 2 === 0;
  const shift = (y % 2 === 0 ? 0.5 : 0) + (evenLayer ? HOLLOW_X : 0);
  return [x + shift, z * HEIGHT, y * ROW + (evenLayer ? HOLLOW_Y : 0)];
}

/** The places that touch a place, as the network's grid has them; coordinates begin at 1. */
export function neighbours({ x, y, z }: Place): Place[] {
  const oddRow = y % 2 === 1;
  const inLayer = oddRow
    ? [[-1, 0], [1, 0], [-1, -1], [0, -1], [-1, 1], [0, 1]] // prettier-ignore
    : [[-1, 0], [1, 0], [0, -1], [1, -1], [0, 1], [1, 1]]; // prettier-ignore
  const evenLayer = [[0, 0], [1, 0], oddRow ? [0, 1] : [1, 1]]; // prettier-ignore
  const oddLayer = [[0, 0], [-1, 0], oddRow ? [-1, -1] : [0, -1]]; // prettier-ignore
  const between = z % 2 === 1 ? oddLayer : evenLayer;
  const steps = [
    ...inLayer.map((step) => ({ step, up: 0 })),
    ...[-1, 1].flatMap((up) => between.map((step) => ({ step, up }))),
  ];
  return steps
    .map(({ step: [right = 0, forth = 0], up }) => ({ x: x + right, y: y + forth, z: z + up }))
    .filter((place) => Math.min(place.x, place.y, place.z) >= 1);
}

/** How full a brick of so many neurons is drawn, 0 to 1: the same step for every tenfold. */
export function fill(neurons: number): number {
  const LEAST = 0.12;
  const FULL = Math.log10(65_536);
  const share = Math.log10(Math.max(neurons, 1)) / FULL;
  return LEAST + (1 - LEAST) * Math.min(share, 1);
}

/** A cylinder around bricks, whichever way they are turned about the vertical axis. */
export interface Room {
  readonly middle: Point;
  /** Its radius. */
  readonly radius: number;
  /** Half its height. */
  readonly half: number;
}

/** The room that bricks take, by their centres. */
export function room(centres: readonly Point[]): Room {
  if (centres.length === 0) {
    return { middle: [0, 0, 0], radius: CORNER, half: HEIGHT / 2 };
  }
  const middle = (axis: 0 | 1 | 2): number => {
    const [low, high] = ends(centres.map((point) => point[axis]));
    return (low + high) / 2;
  };
  const [x, y, z] = [middle(0), middle(1), middle(2)];
  const [, radius] = ends(centres.map((point) => Math.hypot(point[0] - x, point[2] - z)));
  const [, half] = ends(centres.map((point) => point[1] - y));
  return { middle: [x, y, z], radius: radius + CORNER, half: half + HEIGHT / 2 };
}

/** The lowest and the highest of some numbers. */
function ends(values: readonly number[]): [number, number] {
  return values.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  );
}

/**
 * How far from the middle of a room one stands to see all of it.
 *
 * @param elevation of the viewer, in radians from the horizon
 * @param angle half the angle that is seen from bottom to top, in radians
 * @param aspect of what is seen, width by height
 */
export function distanceTo(
  { radius, half }: Omit<Room, "middle">,
  elevation: number,
  angle: number,
  aspect: number,
): number {
  const POINTS = 24;
  const rims = Array.from({ length: POINTS }, (_, index) => (2 * Math.PI * index) / POINTS).flatMap((turn) =>
    [half, -half].map((height) => {
      const front = radius * Math.cos(turn);
      const aside = Math.abs(radius * Math.sin(turn)) / aspect;
      const above = Math.abs(height * Math.cos(elevation) - front * Math.sin(elevation));
      const nearer = front * Math.cos(elevation) + height * Math.sin(elevation);
      return Math.max(aside, above) / Math.tan(angle) + nearer;
    }),
  );
  return Math.max(...rims);
}

/** Points of a curve from one brick to another, that rises the more the farther they are apart. */
export function arc(from: Point, to: Point, steps: number): Point[] {
  const distance = Math.hypot(to[0] - from[0], to[1] - from[1], to[2] - from[2]);
  // Neighbours are 1 apart: a straight line. Others have to be gone around.
  const rise = Math.max(distance - 1.2, 0) * 0.9;
  if (rise === 0) {
    return [from, to];
  }
  return Array.from({ length: steps + 1 }, (_, step) => {
    const share = step / steps;
    const at = (axis: 0 | 1 | 2): number => from[axis] + (to[axis] - from[axis]) * share;
    return [at(0), at(1) + 4 * rise * share * (1 - share), at(2)];
  });
}
