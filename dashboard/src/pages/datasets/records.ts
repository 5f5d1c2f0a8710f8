/** What this browser remembers of uploads, so that a reload loses nothing: which files they were of, and what went wrong. */

import type { DatasetPart } from "hanami-sdk";

/** A file of an upload. */
export interface FileRecord {
  readonly part: DatasetPart;
  readonly name: string;
  readonly print: string;
}

export interface UploadRecord {
  readonly uuid: string;
  readonly files: readonly FileRecord[];
  /** Why the server did not take it, in its words. */
  readonly problem?: string | undefined;
}

const KEY = "hanami.uploads";

/** Records that are kept at most; the oldest give way. */
const MOST = 100;

export function recordOf(uuid: string): UploadRecord | undefined {
  return read().find((record) => record.uuid === uuid);
}

export function remember(record: UploadRecord): void {
  write([...read().filter(({ uuid }) => uuid !== record.uuid), record].slice(-MOST));
}

export function forget(uuid: string): void {
  write(read().filter((record) => record.uuid !== uuid));
}

function read(): UploadRecord[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? (found as UploadRecord[]) : [];
  } catch {
    return [];
  }
}

function write(records: readonly UploadRecord[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(records));
  } catch {
    // Without it, files are told apart by their sizes alone after a reload.
  }
}
