/** The wire's words as JavaScript has them: camelCase, and dates. */

import { ConnectionError } from "./errors.js";

/** What JSON can hold. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A list as it travels. */
export interface Table {
  header: string[];
  body: Json[][];
}

/** A resource: its uuid, or an object that has it. */
export type Ref = string | { readonly uuid: string };

/** The uuid of a resource. */
export function uuidOf(resource: Ref): string {
  return typeof resource === "string" ? resource : resource.uuid;
}

/** An answer with its keys in camelCase, at any depth; what is `null` is left out. */
export function camelCase(value: Json): unknown {
  if (Array.isArray(value)) {
    // A long row of numbers is not worth a walk.
    return typeof value[0] === "object" ? value.map(camelCase) : value;
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const entries = Object.entries(value)
    .filter(([, inner]) => inner !== null)
    .map(([key, inner]) => [camel(key), camelCase(inner)]);
  return Object.fromEntries(entries);
}

function camel(key: string): string {
  return key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** One object per row of a table, with its columns as keys. */
export function rows(table: Table): unknown[] {
  return table.body.map((cells) =>
    camelCase(Object.fromEntries(table.header.map((column, index) => [column, cells[index] ?? null]))),
  );
}

/** The wire's `YYYY-MM-DD HH:MM:SS`, in UTC. */
export function date(text: string): Date {
  const found = new Date(`${text.replace(" ", "T")}Z`);
  if (Number.isNaN(found.getTime())) {
    throw new ConnectionError({ detail: `the server answered "${text}", which is no timestamp` });
  }
  return found;
}

/** A timestamp that may not be reached yet, which the wire writes as `-`; none by an older server. */
export function dateIfReached(text: string | undefined): Date | undefined {
  return text === undefined || text === "-" ? undefined : date(text);
}
