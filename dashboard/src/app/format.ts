/** Numbers, sizes and times as people read them. */

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/** `60,000` */
export function count(value: number): string {
  return whole.format(value);
}

/** `4.1 MiB` */
export function bytes(value: number): string {
  const power = value < 1 ? 0 : Math.min(Math.floor(Math.log2(value) / 10), UNITS.length - 1);
  const scaled = value / 1024 ** power;
  return `${scaled.toFixed(power === 0 || scaled >= 100 ? 0 : 1)} ${UNITS[power] ?? ""}`;
}

/** `98.1 %`, of a number that is in percent already. */
export function percent(value: number, digits = 1): string {
  return `${value.toFixed(digits)} %`;
}

/** `48 s`, `3 min 20 s`, `2 h 5 min`, `4 d 1 h` */
export function duration(seconds: number): string {
  const all = Math.max(Math.round(seconds), 0);
  const steps: [size: number, unit: string][] = [
    [86_400, "d"],
    [3600, "h"],
    [60, "min"],
    [1, "s"],
  ];
  const first = Math.max(
    steps.findIndex(([size]) => all >= size),
    0,
  );
  if (all < 60) {
    return `${all} s`;
  }
  const [size, unit] = steps[first] ?? [1, "s"];
  const [smaller, smallerUnit] = steps[first + 1] ?? [1, "s"];
  const rest = Math.floor((all % size) / smaller);
  return `${Math.floor(all / size)} ${unit}${rest > 0 ? ` ${rest} ${smallerUnit}` : ""}`;
}

/** A date and a time, where the user is. */
export function moment(date: Date): string {
  return date.toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
}

/** A date and a time to the second, in UTC like the server's logs. */
export function instant(date: Date): string {
  return date.toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "medium", timeZone: "UTC" });
}

/** A measured number to the digits that matter: `0.125`, `1.23e-7`. */
export function measure(value: number): string {
  if (value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e9)) {
    return value.toExponential(2);
  }
  return Number(value.toPrecision(5)).toLocaleString("en", { maximumFractionDigits: 6 });
}

/** The bytes that a text such as `1.5 GiB`, `20 GB` or `200` means; nothing if it means none. */
export function parseBytes(text: string): number | undefined {
  const [, digits, unit = "B"] = /^([\d,]*\.?\d+)\s*([kmgt]?i?b)?$/i.exec(text.trim()) ?? [];
  if (digits === undefined) {
    return undefined;
  }
  const base = /i/i.test(unit) ? 1024 : 1000;
  const power = "bkmgt".indexOf(unit.charAt(0).toLowerCase());
  return Math.round(Number(digits.replaceAll(",", "")) * base ** power);
}
