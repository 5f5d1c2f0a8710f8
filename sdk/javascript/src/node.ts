/**
 * What only Node can do: files by their paths.
 *
 * @module
 */

import { createWriteStream, openAsBlob } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Writable } from "node:stream";

/** A file as a source of an upload. It is read while it is sent, and must not change meanwhile. */
export async function openFile(path: string): Promise<Blob> {
  return openAsBlob(path);
}

/**
 * Saves what was downloaded as a file. Until all of it has arrived it has the name `<path>.part`;
 * if the download breaks off, nothing stays.
 */
export async function saveFile(path: string, download: Response): Promise<void> {
  const part = `${path}.part`;
  try {
    await (download.body ?? new Blob().stream()).pipeTo(Writable.toWeb(createWriteStream(part)));
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
