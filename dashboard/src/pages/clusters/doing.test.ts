import type { Cluster, TaskEntry, TaskState } from "hanami-sdk";
import { expect, test } from "vitest";

import { doing } from "./doing.js";

const network = { steps: 0, neurons: 0, sections: 0, synapses: 0, bytes: 0 };
const seen = (some: Partial<Cluster>, ...states: TaskState[]): Parameters<typeof doing>[0] => ({
  cluster: { mode: "TASK", openTasks: states.length, network, ...some } as Cluster,
  open: states.map((state) => ({ state, percentage: 0.349 }) as TaskEntry),
});

test("what a cluster is doing", () => {
  expect(doing(seen({}))).toBe("idle");
  expect(doing({ ...seen({}), cluster: { mode: "TASK", openTasks: 0 } as Cluster })).toBe(
    "waits for a checkpoint",
  );
  expect(doing(seen({ mode: "DIRECT" }))).toBe("answers live connections");
  expect(doing(seen({}, "queued"))).toBe("is about to begin");
  expect(doing(seen({}, "active"))).toBe("runs a task, 34 %");
  expect(doing(seen({}, "queued", "active", "queued"))).toBe("runs a task, 34 % · 2 waiting");
});
