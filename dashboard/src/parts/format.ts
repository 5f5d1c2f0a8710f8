/** Numbers as people read them. */

import { text } from "../text.js";

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const precise = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });
const tenths = new Intl.NumberFormat("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const moment = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });

/** `12,345` */
export function count(value: number): string {
  return whole.format(value);
}

/** `0.01235`, with four digits that count. */
export function number(value: number): string {
  return precise.format(value);
}

/** `97.4 %` of a number from 0 to 100. */
export function percent(value: number): string {
  return text.units.percent(tenths.format(value));
}

/** `2 min 5 s` */
export function duration(seconds: number): string {
  const all = Math.max(Math.ceil(seconds), 0);
  const hours = Math.floor(all / 3600);
  const minutes = Math.floor(all / 60) % 60;
  if (hours > 0) {
    return text.units.hours(hours, minutes);
  }
  return minutes > 0 ? text.units.minutes(minutes, all % 60) : text.units.seconds(all);
}

/** `24 Nov 2026, 09:00`, in the user's time zone. */
export function time(date: Date | undefined): string {
  return date === undefined ? text.units.unknown : moment.format(date);
}
