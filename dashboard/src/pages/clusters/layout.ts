/** Templates that the dashboard writes. */

import { neighbours, type Place } from "../../bricks3d/geometry.js";

/** An input or output brick. */
export interface Port {
  readonly name: string;
  /** Number of its values. */
  readonly width: number;
}

/** What a template is to hold: inputs, one inner brick that hears them all, and one output. */
export interface Plan {
  /** Comments at the beginning. */
  readonly notes?: readonly string[];
  readonly inputs: readonly Port[];
  readonly inner: number;
  readonly output: Port;
}

const INNER: Place = { x: 2, y: 1, z: 1 };
const OUTPUT: Place = { x: 3, y: 1, z: 1 };

/** The text of a template: the inputs lie around the inner brick, as near as there is room. */
export function written({ notes = [], inputs, inner, output }: Plan): string {
  const { places, distance } = around(inputs.length);
  return [
    ...notes.map((note) => `# ${note}`),
    "version: 1",
    ...(distance > 1 ? ["settings:", `    max_connection_distance: ${distance}`] : []),
    "bricks:",
    ...places.flatMap((place, index) => {
      const port = inputs[index];
      return port ? brick(place, port.width, `input: ${port.name}`) : [];
    }),
    ...brick(INNER, inner),
    ...brick(OUTPUT, output.width, `output: ${output.name}`),
    "",
  ].join("\n");
}

/** Places around the inner brick, and how far away the last of them is. */
function around(count: number): { places: Place[]; distance: number } {
  const taken = new Set([INNER, OUTPUT].map(key));
  const places: Place[] = [];
  let ring = [INNER];
  let distance = 0;
  while (places.length < count) {
    distance += 1;
    const next: Place[] = [];
    for (const place of ring.flatMap(neighbours)) {
      if (!taken.has(key(place))) {
        taken.add(key(place));
        next.push(place);
      }
    }
    places.push(...next);
    ring = next;
  }
  return { places: places.slice(0, count), distance };
}

function brick(place: Place, neurons: number, name?: string): string[] {
  const entries = [...(name === undefined ? [] : [name]), `number_of_neurons: ${neurons}`];
  return [`    ${key(place)}`, ...entries.map((entry) => `        ${entry}`)];
}

function key({ x, y, z }: Place): string {
  return `${x},${y},${z}`;
}
