/** Colours of contributions: orange speaks for the answer, blue against it. Both are told apart by everybody. */

export type Colour = readonly [red: number, green: number, blue: number];

const FOR: Colour = [255, 140, 26];
const AGAINST: Colour = [64, 140, 255];

/** The colour of a pixel of `ink` (0 to 1) with a contribution from -1 to 1. */
export function heated(ink: number, contribution: number): Colour {
  const gray = 255 * Math.min(Math.max(ink, 0), 1);
  const hue = contribution > 0 ? FOR : AGAINST;
  // Small contributions are to be seen as well.
  const strength = Math.min(Math.abs(contribution) ** 0.7, 1);
  const mixed = (part: number): number => Math.round(gray + strength * (part - gray));
  return [mixed(hue[0]), mixed(hue[1]), mixed(hue[2])];
}

/** The contributions, each by the largest there is. */
export function relative(contributions: readonly number[]): number[] {
  const largest = contributions.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
  return contributions.map((one) => (largest === 0 ? 0 : one / largest));
}
