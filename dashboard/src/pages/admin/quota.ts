/** The quotas of a project: how they are told, and read from what somebody enters. */

import type { Limits } from "hanami-sdk";

import { bytes, count, parseBytes } from "../../app/format.js";

export const KINDS = ["datasetBytes", "checkpointBytes", "clusterBytes", "clusters", "openTasks"] as const;

export type Kind = (typeof KINDS)[number];

/** An amount of a quota in words. */
export function amount(kind: Kind, value: number): string {
  return isSize(kind) ? bytes(value) : count(value);
}

export function isSize(kind: Kind): boolean {
  return kind.endsWith("Bytes");
}

/** A limit as it can be entered, to the last byte. */
export function entered(kind: Kind, limit: number): string {
  const short = bytes(limit);
  return isSize(kind) && parseBytes(short) === limit ? short : String(limit);
}

/** What somebody entered: nothing for the default, `NaN` for what is no limit. */
export function limitOf(kind: Kind, text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === "") {
    return undefined;
  }
  if (isSize(kind)) {
    return parseBytes(trimmed) ?? Number.NaN;
  }
  return /^[\d,]+$/.test(trimmed) ? Number(trimmed.replaceAll(",", "")) : Number.NaN;
}

/** The limits that were entered. */
export function limitsOf(texts: Readonly<Record<Kind, string>>): Limits {
  return Object.fromEntries(KINDS.map((kind) => [kind, limitOf(kind, texts[kind])]));
}
