/** Samples in JSON, as `predict` and `learn` send them. */

/** Values of one brick; `null` stands for a value that is not known, and so does `NaN`. */
export type Sample = readonly (number | null)[] | Float32Array;

/** What each brick gets, by its name; the values alone will do where there is one brick. */
export type Samples<Values extends Sample | readonly Sample[]> = Values | Readonly<Record<string, Values>>;

/** Samples as JSON can hold them: a typed array would become an object. */
export function plain(samples: Samples<Sample | readonly Sample[]>): unknown {
  if (samples instanceof Float32Array) {
    return [...samples];
  }
  if (Array.isArray(samples)) {
    return samples.map((item: unknown) => (item instanceof Float32Array ? [...item] : item));
  }
  return Object.fromEntries(
    Object.entries(samples as Record<string, Sample>).map(([brick, values]) => [brick, plain(values)]),
  );
}
