/** Which files belong to an upload: those of the same kind, size and content. */

import type { DatasetPart, DatasetType } from "hanami-sdk";

import { fingerprint, type Known } from "./files.js";
import type { FileSet } from "./sets.js";

/** A file that an upload waits for. */
export interface Wanted {
  readonly part: DatasetPart;
  readonly size: number;
  /** Its fingerprint, if this browser has seen it. */
  readonly print: string | undefined;
}

/** A file that was dropped, and its fingerprint. */
export interface Printed {
  readonly file: Known;
  readonly print: string;
}

/** What the SDK sends. */
export type Sources = { readonly table: Blob } | { readonly images: Blob; readonly labels: Blob };

/** The files of a set by the parts of the dataset that they become. */
export function partsOf(set: FileSet): { part: DatasetPart; file: Known }[] {
  const { input, label } =
    set.type === "csv" ? { input: set.table, label: undefined } : { input: set.images, label: set.labels };
  return [
    ...(input === undefined ? [] : [{ part: "input" as const, file: input }]),
    ...(label === undefined ? [] : [{ part: "label" as const, file: label }]),
  ];
}

export async function printed(files: readonly Known[]): Promise<Printed[]> {
  return Promise.all(files.map(async (file) => ({ file, print: await fingerprint(file.data) })));
}

/** The files for all that is wanted, in its order; nothing if one is not among them. */
export function matching(
  type: DatasetType,
  wanted: readonly Wanted[],
  files: readonly Printed[],
): Known[] | undefined {
  const found = wanted.map(
    ({ part, size, print }) =>
      files.find(
        (one) =>
          one.file.kind === kindOf(type, part) &&
          one.file.data.size === size &&
          (print === undefined || print === one.print),
      )?.file,
  );
  return found.includes(undefined) ? undefined : found.filter((file) => file !== undefined);
}

/** The files of an upload as the SDK wants them. */
export function sourcesOf(type: DatasetType, files: readonly Known[]): Sources {
  const data = (kind: Known["kind"]): Blob => files.find((file) => file.kind === kind)?.data ?? new Blob();
  return type === "csv" ? { table: data("table") } : { images: data("images"), labels: data("labels") };
}

/** Whether files can still be read: one that was changed or moved can't. */
export async function readable(sources: Sources): Promise<boolean> {
  try {
    for (const data of Object.values<Blob>(sources)) {
      await data.slice(0, 1).arrayBuffer();
    }
    return true;
  } catch {
    return false;
  }
}

function kindOf(type: DatasetType, part: DatasetPart): Known["kind"] {
  if (type === "csv") {
    return "table";
  }
  return part === "input" ? "images" : "labels";
}
