import { expect, test } from "vitest";

import { forgetDraft, keepDraft, keptDraft } from "./draft.js";

/** A storage in memory. */
function storage(kept: Record<string, string> = {}): Storage {
  const map = new Map(Object.entries(kept));
  return {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
    removeItem: (key: string) => void map.delete(key),
  } as unknown as Storage;
}

const EMPTY = { name: "", beginning: "template", template: "", checkpoint: "" };

test("a draft comes back as it was kept, until it is forgotten", () => {
  const where = storage();
  expect(keptDraft(where)).toEqual(EMPTY);
  const draft = {
    name: "digits",
    beginning: "checkpoint",
    template: "version: 1",
    checkpoint: "ab",
  } as const;
  keepDraft(draft, where);
  expect(keptDraft(where)).toEqual(draft);
  forgetDraft(where);
  expect(keptDraft(where)).toEqual(EMPTY);
});

test("what is no draft is an empty one", () => {
  for (const text of ["", "null", "[", "3", '{"name": 3, "beginning": "else"}']) {
    expect(keptDraft(storage({ "hanami.draft.cluster": text }))).toEqual(EMPTY);
  }
});
