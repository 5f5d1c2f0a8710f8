import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { poll } from "./poll.js";

/** A document that can be hidden. */
class Page extends EventTarget {
  hidden = false;

  show(hidden: boolean): void {
    this.hidden = hidden;
    this.dispatchEvent(new Event("visibilitychange"));
  }
}

let page: Page;

beforeEach(() => {
  page = new Page();
  vi.stubGlobal("document", page);
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("it looks again after each look, and stops when told", async () => {
  const look = vi.fn(() => Promise.resolve());
  const stop = poll(look, 2, () => undefined);
  await vi.advanceTimersByTimeAsync(4_500);
  expect(look).toHaveBeenCalledTimes(3);
  stop();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(look).toHaveBeenCalledTimes(3);
});

test("it goes on after a failure", async () => {
  const failed = vi.fn();
  const look = vi.fn(() => Promise.reject(new Error("gone")));
  const stop = poll(look, 2, failed);
  await vi.advanceTimersByTimeAsync(2_500);
  expect(failed).toHaveBeenCalledTimes(2);
  stop();
});

test("it waits while nobody looks", async () => {
  const look = vi.fn(() => Promise.resolve());
  const stop = poll(look, 2, () => undefined);
  await vi.advanceTimersByTimeAsync(500);
  page.show(true);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(look).toHaveBeenCalledTimes(2);
  page.show(false);
  await vi.advanceTimersByTimeAsync(2_500);
  expect(look).toHaveBeenCalledTimes(4);
  stop();
});
