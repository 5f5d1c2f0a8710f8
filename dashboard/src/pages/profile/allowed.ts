/** What a role allows: found out by asking the server about each operation of its interface. */

import { type Hanami, type Permission, UnauthorizedError } from "hanami-sdk";

/** An endpoint, and which of its methods are allowed. */
export interface Allowance {
  readonly endpoint: string;
  readonly allowed: readonly string[];
  readonly refused: readonly string[];
}

const METHODS = ["GET", "POST", "PUT", "DELETE"] as const;
const PREFIX = "/control/";
/** Requests under way at a time. */
const AT_ONCE = 4;

/** The operations in an OpenAPI document that a policy decides about. */
export function operationsOf(document: unknown): Permission[] {
  const paths = isObject(document) && isObject(document["paths"]) ? document["paths"] : {};
  return Object.entries(paths)
    .filter(([path]) => path.startsWith(PREFIX))
    .flatMap(([path, item]) =>
      METHODS.filter((method) => isObject(item) && method.toLowerCase() in item).map((method) => ({
        endpoint: path.slice(PREFIX.length),
        method,
      })),
    );
}

/** Asks about all of them, and tells how far it has come. */
export async function ask(
  hanami: Hanami,
  operations: readonly Permission[],
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<Allowance[]> {
  const answers: [Permission, boolean][] = [];
  for (let from = 0; from < operations.length; from += AT_ONCE) {
    const some = operations.slice(from, from + AT_ONCE);
    answers.push(
      ...(await Promise.all(
        some.map(async (permission): Promise<[Permission, boolean]> => [
          permission,
          await isAllowed(hanami, permission, signal),
        ]),
      )),
    );
    onProgress(answers.length / operations.length);
  }
  return byEndpoint(answers);
}

async function isAllowed(hanami: Hanami, permission: Permission, signal: AbortSignal): Promise<boolean> {
  try {
    await hanami.identity({ permission, signal });
    return true;
  } catch (error) {
    if (error instanceof UnauthorizedError && error.code === "forbidden") {
      return false;
    }
    throw error;
  }
}

function byEndpoint(answers: readonly [Permission, boolean][]): Allowance[] {
  const endpoints = [...new Set(answers.map(([{ endpoint }]) => endpoint))];
  const methods = (endpoint: string, wanted: boolean): string[] =>
    answers
      .filter(([permission, allowed]) => permission.endpoint === endpoint && allowed === wanted)
      .map(([{ method }]) => method);
  return endpoints.map((endpoint) => ({
    endpoint,
    allowed: methods(endpoint, true),
    refused: methods(endpoint, false),
  }));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
