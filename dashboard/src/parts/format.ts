/** Numbers, sizes and times as people read them. */

const UNITS = ["B", "KB", "MB", "GB", "TB", "PB"] as const;

const whole = new Intl.NumberFormat("en");
const rounded = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });
const moment = new Intl.DateTimeFormat("en-GB", {
  dateStyle: "medium",
  timeStyle: "medium",
  timeZone: "UTC",
});

/** A number with its thousands apart: `60,000`. */
export function count(value: number): string {
  return whole.format(value);
}

/** A measured number, to a few digits: `0.125`, `1.23e-7`. */
export function measure(value: number): string {
  if (value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e9)) {
    return value.toExponential(2);
  }
  return Number(value.toPrecision(5)).toLocaleString("en", { maximumFractionDigits: 6 });
}

/** Bytes in the unit that keeps them short: `47 MB`; a thousand to the next. */
export function bytes(value: number): string {
  const power = value < 1 ? 0 : Math.min(Math.floor(Math.log10(value) / 3 + 1e-9), UNITS.length - 1);
  return `${rounded.format(value / 1000 ** power)} ${UNITS[power] ?? ""}`;
}

/** The bytes that a text such as `1.5 GB` or `200` means; nothing if it means none. */
export function parseBytes(text: string): number | undefined {
  const [, digits, unit = "B"] = /^([\d,]*\.?\d+)\s*([kmgtp]?b)?$/i.exec(text.trim()) ?? [];
  if (digits === undefined) {
    return undefined;
  }
  const power = UNITS.findIndex((known) => known === unit.toUpperCase());
  return Math.round(Number(digits.replaceAll(",", "")) * 1000 ** power);
}

/** Seconds in the two largest units: `4 min 5 s`. */
export function duration(seconds: number): string {
  const all = Math.max(Math.round(seconds), 0);
  const parts = [
    [Math.floor(all / 3600), "h"],
    [Math.floor(all / 60) % 60, "min"],
    [all % 60, "s"],
  ] as const;
  const first = parts.findIndex(([value]) => value > 0);
  const shown = first === -1 ? parts.slice(-1) : parts.slice(first, first + 2);
  return shown
    .filter(([value], index) => value > 0 || index === 0)
    .map(([value, unit]) => `${String(value)} ${unit}`)
    .join(" ");
}

/** Day and time of day, in UTC like the server's logs. */
export function time(date: Date): string {
  return moment.format(date);
}
