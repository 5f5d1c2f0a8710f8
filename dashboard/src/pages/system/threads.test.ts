import { expect, test } from "vitest";

import { grouped } from "./threads.js";

test("threads of one name and place are one group, the busiest first", () => {
  const thread = (name: string, cpus: string, cpuSeconds?: number) => ({
    id: 1,
    name,
    cpus,
    ...(cpuSeconds === undefined ? {} : { cpuSeconds }),
  });
  const threads = [thread("a", "0-1", 1), thread("b", "0-1", 5), thread("a", "0-1", 2), thread("a", "0")];
  expect(grouped(threads)).toEqual([
    { name: "b", cpus: "0-1", threads: 1, cpuSeconds: 5 },
    { name: "a", cpus: "0-1", threads: 2, cpuSeconds: 3 },
    { name: "a", cpus: "0", threads: 1, cpuSeconds: undefined },
  ]);
});
