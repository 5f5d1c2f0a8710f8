import { expect, test } from "vitest";

import { Rate } from "./rate.js";

test("a rate is that of the last seconds", () => {
  const rate = new Rate();
  rate.tell(0, 0);
  expect(rate.perSecond).toBeUndefined();
  rate.tell(1000, 1000);
  expect(rate.perSecond).toBe(1000);
  for (let at = 2000; at <= 20_000; at += 1000) {
    rate.tell(1000 + at * 2, at);
  }
  expect(rate.perSecond).toBeCloseTo(2000);
});

test("what does not come has no rate", () => {
  const rate = new Rate();
  rate.tell(5, 0);
  rate.tell(5, 1000);
  expect(rate.perSecond).toBeUndefined();
});
