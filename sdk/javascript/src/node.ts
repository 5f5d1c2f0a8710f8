/**
 * What only Node can do: files by their paths.
 *
 * @module
 */

import { openAsBlob } from "node:fs";

/** A file as a source of an upload. It is read while it is sent, and must not change meanwhile. */
export async function openFile(path: string): Promise<Blob> {
  return openAsBlob(path);
}
