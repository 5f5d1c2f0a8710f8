import { expect, test } from "vitest";

import { endOf } from "./token.js";

const token = (claims: string): string => {
  const bytes = Array.from(new TextEncoder().encode(claims), (byte) => String.fromCharCode(byte));
  return `head.${btoa(bytes.join("")).replaceAll("+", "-").replaceAll("/", "_")}.signature`;
};

test("the end of a token is read in milliseconds", () => {
  expect(endOf(token('{"exp":1700000000,"name":"Blüte??>>"}'))).toBe(1_700_000_000_000);
});

test("what is no token has no end", () => {
  for (const text of ["", "a.b.c", token("7"), token("null"), token('{"exp":"soon"}'), token("{")]) {
    expect(endOf(text)).toBeUndefined();
  }
});
