import { expect, test } from "vitest";

import { takeOver } from "./owner.js";

/** A storage in memory. */
function storage(kept: Record<string, string>): Storage {
  const map = new Map(Object.entries(kept));
  return {
    get length() {
      return map.size;
    },
    key: (index: number) => [...map.keys()][index] ?? null,
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
    removeItem: (key: string) => void map.delete(key),
    clear: () => {
      map.clear();
    },
  };
}

const left = { "hanami.owner": "anna", "hanami.token": "t", "hanami.draft.cluster": "{}", other: "x" };

test("the same user finds everything again", () => {
  const where = storage(left);
  expect(takeOver("anna", ["hanami.token"], where)).toBe(false);
  expect(where.getItem("hanami.draft.cluster")).toBe("{}");
});

test("another user finds nothing of the one before, but keeps their own token", () => {
  const where = storage(left);
  expect(takeOver("ben", ["hanami.token"], where)).toBe(true);
  expect(where.getItem("hanami.draft.cluster")).toBeNull();
  expect(where.getItem("hanami.token")).toBe("t");
  expect(where.getItem("other")).toBe("x");
  expect(takeOver("ben", [], where)).toBe(false);
});
