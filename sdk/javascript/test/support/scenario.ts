/** Reads and runs scenarios; their format is described in `sdk/scenarios/README.md`. */

import assert from "node:assert/strict";
import { join } from "node:path";

import { Hanami, HanamiError, WebsocketError } from "hanami-sdk";

import { admin, repository, type Server } from "./server.js";
import { Actor, type Arguments, calls, onTheWire } from "./vocabulary.js";

export const folder = join(repository, "sdk/scenarios");

export interface Scenario {
  about: string;
  server?: Record<string, string>;
  steps: Step[];
}

interface Step {
  call: string;
  as?: string;
  with?: Arguments;
  save?: Record<string, string>;
  expect?: Record<string, unknown>;
  error?: { status?: number; code?: string; detail?: string; websocket?: string };
  repeat?: number;
  steps?: Step[];
}

/** A run of one scenario: its variables and actors. */
export class Run {
  readonly #server: Server;
  readonly #variables = new Map<string, unknown>();
  readonly #actors = new Map<string, Actor>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(server: Server): Promise<Run> {
    const run = new Run(server);
    run.#actors.set("admin", new Actor(await server.connect()));
    run.#actors.set("nobody", new Actor(Hanami.withToken(server.address, "not-a-token")));
    return run;
  }

  async steps(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      for (let count = step.repeat ?? 1; count > 0; count--) {
        await (step.steps ? this.steps(step.steps) : this.#step(step));
      }
    }
  }

  async #step(step: Step): Promise<void> {
    const failure = `${step.call} as ${step.as ?? "admin"} with ${JSON.stringify(step.with)}`;
    const given = this.#filled(step.with ?? {}) as Arguments;
    const outcome = this.#call(step, given);
    if (step.error) {
      const { error } = step;
      await assert.rejects(outcome, (found) => matchesError(found, error), failure);
      return;
    }
    const result = onTheWire(
      await outcome.catch((cause: unknown) => {
        throw new Error(failure, { cause });
      }),
    );
    for (const [pointer, matcher] of Object.entries(step.expect ?? {})) {
      const found = at(result, pointer);
      const told = `${failure}: ${pointer} is ${JSON.stringify(found)}, not ${JSON.stringify(matcher)}`;
      assert.ok(matches(found, this.#filled(matcher)), told);
    }
    for (const [name, pointer] of Object.entries(step.save ?? {})) {
      this.#variables.set(name, at(result, pointer));
    }
  }

  async #call({ call, as = "admin" }: Step, given: Arguments): Promise<unknown> {
    if (call === "login") {
      const { id: user, password, actor } = given as Record<string, string>;
      const credentials = { ...admin, user: user ?? "", password: password ?? "" };
      this.#actors.set(actor ?? "", new Actor(await Hanami.connect(this.#server.address, credentials)));
      return undefined;
    }
    const actor = this.#actors.get(as);
    const make = calls[call];
    assert.ok(actor && make, `the interpreter knows no ${call}, or nobody called ${as}`);
    return make(actor, given);
  }

  /** A value with its variables and paths filled in. */
  #filled(value: unknown): unknown {
    if (typeof value === "string" && value.startsWith("$")) {
      const path = /^\$(data\/.+)$/.exec(value)?.[1];
      assert.ok(path !== undefined || this.#variables.has(value.slice(1)), `nothing was saved as ${value}`);
      return path === undefined ? this.#variables.get(value.slice(1)) : join(folder, path);
    }
    if (Array.isArray(value)) {
      return value.map((item) => this.#filled(item));
    }
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, this.#filled(inner)]));
    }
    return value;
  }
}

/** What a JSON pointer points to; nothing if that is absent. */
function at(value: unknown, pointer: string): unknown {
  let found = value;
  for (const key of pointer.split("/").slice(1)) {
    found = typeof found === "object" && found !== null ? (found as Record<string, unknown>)[key] : undefined;
  }
  return found;
}

function matches(found: unknown, matcher: unknown): boolean {
  if (typeof matcher !== "object" || matcher === null || Array.isArray(matcher)) {
    return found !== undefined && equal(found, matcher);
  }
  const [kind, wanted] = Object.entries(matcher as Record<string, unknown>)[0] ?? [];
  switch (kind) {
    case "between": {
      const [least = NaN, most = NaN] = wanted as number[];
      return typeof found === "number" && least <= found && found <= most;
    }
    case "uuid":
      return typeof found === "string" && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(found);
    case "timestamp":
      return typeof found === "string" && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(found);
    case "length":
      return (typeof found === "string" || Array.isArray(found)) && found.length === wanted;
    case "contains":
      return typeof found === "string"
        ? found.includes(wanted as string)
        : Array.isArray(found) && found.some((element) => isElement(element, wanted));
    case "lacks":
      return Array.isArray(found) && !found.some((element) => isElement(element, wanted));
    case "absent":
      return found === undefined;
    default:
      return equal(found, matcher);
  }
}

function isElement(element: unknown, wanted: unknown): boolean {
  if (typeof wanted !== "object" || wanted === null) {
    return equal(element, wanted);
  }
  return Object.entries(wanted).every(([key, matcher]) => matches(at(element, `/${key}`), matcher));
}

function equal(found: unknown, wanted: unknown): boolean {
  try {
    assert.deepEqual(found, wanted);
    return true;
  } catch {
    return false;
  }
}

function matchesError(found: unknown, wanted: NonNullable<Step["error"]>): boolean {
  assert.ok(found instanceof HanamiError, `not an error of the SDK: ${String(found)}`);
  if (wanted.websocket !== undefined) {
    assert.ok(found instanceof WebsocketError, String(found));
    assert.ok(found.detail.includes(wanted.websocket), found.detail);
    return true;
  }
  assert.deepEqual(
    { status: found.status, ...(wanted.code && { code: found.code }) },
    { status: wanted.status, ...(wanted.code && { code: wanted.code }) },
  );
  assert.ok(found.detail.includes(wanted.detail ?? ""), found.detail);
  return true;
}
