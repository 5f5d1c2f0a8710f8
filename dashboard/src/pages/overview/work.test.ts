import type { TaskState } from "hanami-sdk";
import { expect, test } from "vitest";

import { inOrder, type Work } from "./work.js";

test("running tasks come first, then those that were queued first", () => {
  const work = (uuid: string, state: TaskState, second: number): Work => ({
    cluster: { uuid: "c", name: "c", ownerId: "o", projectId: "p", visibility: "private" },
    task: {
      uuid,
      clusterUuid: "c",
      state,
      percentage: 0,
      queued: new Date(second * 1000),
      start: undefined,
      end: undefined,
    },
  });
  const all = [
    work("a", "queued", 3),
    work("b", "queued", 1),
    work("c", "active", 9),
    work("d", "active", 5),
  ];
  expect(inOrder(all).map(({ task }) => task.uuid)).toEqual(["d", "c", "b", "a"]);
});
