/** What a file is that somebody wants to upload: told by what it holds, and where that does not say, by its name. */

import { text } from "../../text.js";

const words = text.datasets.files;

/** Images, labels or a table, unpacked. */
export interface Known {
  readonly kind: "images" | "labels" | "table";
  readonly name: string;
  readonly data: Blob;
  /** How many images or labels. */
  readonly items?: number;
  /** Pixels of an image. */
  readonly height?: number;
  readonly width?: number;
}

/** A file that is none of them, and what to do about that. */
export interface Wrong {
  readonly kind: "wrong";
  readonly name: string;
  readonly words: string;
}

/** Bytes that are looked at to tell what a file is. */
const LOOK = 64 * 1024;

/** Files that people try, by how they begin. */
const FOREIGN: readonly { begin: readonly number[]; words: string }[] = [
  { begin: [0x50, 0x4b, 3, 4], words: words.zip },
  { begin: [0x89, 0x50, 0x4e, 0x47], words: words.picture },
  { begin: [0xff, 0xd8, 0xff], words: words.picture },
  { begin: [0x25, 0x50, 0x44, 0x46], words: words.notText },
];

/** Says what a file is. A file that can't be read throws. */
export async function identify(file: File): Promise<Known | Wrong> {
  const packed = startsWith(await head(file, 2), [0x1f, 0x8b]);
  let data: Blob = file;
  if (packed) {
    try {
      data = await new Response(file.stream().pipeThrough(new DecompressionStream("gzip"))).blob();
    } catch {
      return wrong(file, words.damagedGzip);
    }
  }
  const start = await head(data, LOOK);
  if (start.length === 0) {
    return wrong(file, words.empty);
  }
  if (start.length >= 4 && start[0] === 0 && start[1] === 0) {
    return fromIdx(file, data, start);
  }
  const foreign = FOREIGN.find(({ begin }) => startsWith(start, begin));
  if (foreign !== undefined) {
    return wrong(file, foreign.words);
  }
  return fromText(file, data, start);
}

function fromIdx({ name }: File, data: Blob, start: Uint8Array): Known | Wrong {
  const [, , type, dimensions = 0] = start;
  const header = 4 + 4 * dimensions;
  if (type !== 8 || (dimensions !== 1 && dimensions !== 3) || start.length < header) {
    return wrong({ name }, words.otherIdx);
  }
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const sizes = Array.from({ length: dimensions }, (_, index) => view.getUint32(4 + 4 * index));
  const size = header + sizes.reduce((product, next) => product * next, 1);
  if (size !== data.size) {
    return wrong({ name }, words.otherLength(size, data.size));
  }
  const [items = 0, height, width] = sizes;
  return height === undefined || width === undefined
    ? { kind: "labels", name, data, items }
    : { kind: "images", name, data, items, height, width };
}

function fromText({ name }: File, data: Blob, start: Uint8Array): Known | Wrong {
  let found: string;
  try {
    // The last character may be cut in the middle, which a stream does not mind.
    found = new TextDecoder("utf-8", { fatal: true }).decode(start, { stream: start.length === LOOK });
  } catch {
    return wrong({ name }, words.notText);
  }
  if (found.includes("\0")) {
    return wrong({ name }, words.notText);
  }
  if (/\.(idx\d*|ubyte)(\.gz)?$/i.test(name)) {
    return wrong({ name }, words.textNamedIdx);
  }
  const first = found.split("\n", 1)[0] ?? "";
  if (/^\s*[[{<]/.test(found)) {
    return wrong({ name }, words.otherText);
  }
  if (!first.includes(",") && /[;\t]/.test(first)) {
    return wrong({ name }, words.otherSeparator);
  }
  return { kind: "table", name, data };
}

function wrong({ name }: { readonly name: string }, why: string): Wrong {
  return { kind: "wrong", name, words: why };
}

async function head(data: Blob, size: number): Promise<Uint8Array> {
  return new Uint8Array(await data.slice(0, size).arrayBuffer());
}

function startsWith(start: Uint8Array, begin: readonly number[]): boolean {
  return begin.every((byte, index) => start[index] === byte);
}

/**
 * Tells files of the same size apart by their beginning, middle and end: enough to notice that
 * somebody drops another file than the one whose upload they want to go on with.
 */
export async function fingerprint(data: Blob): Promise<string> {
  const middle = Math.max(Math.floor(data.size / 2) - LOOK / 2, 0);
  // FNV-1a: the browser's own digests are there only for pages that came over TLS.
  let hash = 0x811c9dc5;
  for (const from of [0, middle, Math.max(data.size - LOOK, 0)]) {
    for (const byte of await head(data.slice(from), LOOK)) {
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
  }
  return `${String(data.size)}-${(hash >>> 0).toString(16)}`;
}
