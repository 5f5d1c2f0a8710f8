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
  return date.toLocaleString("en", { dateStyle: "medium", timeStyle: "short" });
}
