import { expect, test } from "vitest";

import { parseMetrics } from "./metrics.js";

test("samples without labels are read", () => {
  const found = parseMetrics(
    '# HELP a What it is.\n# TYPE a gauge\na 7\nb_total 1.5e3\nc{state="x"} 3\nd NaN\n# EOF\n',
  );
  expect([...found]).toEqual([
    ["a", 7],
    ["b_total", 1500],
  ]);
});
