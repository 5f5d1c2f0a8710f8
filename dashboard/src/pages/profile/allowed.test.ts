import { expect, test } from "vitest";

import { operationsOf } from "./allowed.js";

test("the operations that a policy decides about are read from the description of the interface", () => {
  const paths = { "/control/v1/user": { get: {}, parameters: [], delete: {} }, "/healthz": { get: {} } };
  expect(operationsOf({ paths })).toEqual([
    { endpoint: "v1/user", method: "GET" },
    { endpoint: "v1/user", method: "DELETE" },
  ]);
  expect(operationsOf("nonsense")).toEqual([]);
});
