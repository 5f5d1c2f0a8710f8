/** Where bytes come from: memory, or a file of a browser; for paths see `hanami-sdk/node`. */
export type Source = Blob | Uint8Array<ArrayBuffer> | ArrayBuffer | string;

/** A source as one thing that has a size and can be read in parts. */
export function blob(source: Source): Blob {
  return source instanceof Blob ? source : new Blob([source]);
}
