import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { endOf } from "./token.js";

const token = (claims: string): string => {
  const bytes = Array.from(new TextEncoder().encode(claims), (byte) => String.fromCharCode(byte));
  return `head.${btoa(bytes.join("")).replaceAll("+", "-").replaceAll("/", "_")}.signature`;
};

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-11-24T12:00:00Z") });
});

afterEach(() => {
  vi.useRealTimers();
});

test("a clock that goes wrong does not change how long a token lasts", () => {
  const anHourFromThen = token(`{"exp":${Date.parse("2026-11-24T10:00:00Z") / 1000}}`);
  const end = endOf(anHourFromThen, "Tue, 24 Nov 2026 09:00:00 GMT");
  expect(end).toBe(Date.parse("2026-11-24T13:00:00Z"));
});

test("the end of a token is read in milliseconds", () => {
  expect(endOf(token('{"exp":1700000000,"name":"Blüte??>>"}'), null)).toBe(1_700_000_000_000);
});

test("what is no token has no end", () => {
  for (const text of ["", "a.b.c", token("7"), token("null"), token('{"exp":"soon"}'), token("{")]) {
    expect(endOf(text, null)).toBeUndefined();
  }
});
