/** Axes of charts: round numbers, evenly apart. */

/**
 * Round numbers from at most `low` to at least `high`, about `count` of them; with `binary` they are
 * round in KiB, MiB and so on.
 */
export function ticks(low: number, high: number, count: number, binary = false): number[] {
  const span = high > low ? high - low : Math.abs(low) || 1;
  const step = binary ? 2 ** Math.ceil(Math.log2(span / count)) : roundStep(span / count);
  const from = Math.floor(low / step + 1e-9);
  const to = Math.max(Math.ceil(high / step - 1e-9), from + 1);
  // Counted in steps, and not added up, so that no rounding error grows.
  return Array.from({ length: to - from + 1 }, (_, index) => Number(((from + index) * step).toPrecision(12)));
}

/** The smallest of 1, 2 and 5 times a power of ten that is at least `rough`. */
function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5].find((candidate) => candidate * power >= rough * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** A number in few letters: `1.2 k`, `3.4 M`. */
export function short(value: number): string {
  return new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 2 }).format(value);
}
