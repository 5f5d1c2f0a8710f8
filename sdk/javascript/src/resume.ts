import { BadRequestError } from "./errors.js";
import type { Session } from "./session.js";
import type { Request } from "./transport.js";
import type { UploadOptions } from "./upload.js";

/** Which of the files of a dataset: `input` is the table, or the images. */
export type DatasetPart = "input" | "label";

/** How far a file has arrived. */
export interface FileProgress {
  readonly uuid: string;
  readonly part: DatasetPart;
  /** Its declared size in bytes. */
  readonly size: number;
  /** Bytes that have arrived. */
  readonly received: number;
  /** The first 1000 ranges that have not: the first byte of each, and the first one behind it. */
  readonly missing: readonly (readonly [from: number, to: number])[];
}

/** Bytes that are sent in one request, at most. */
const PIECE = 4 * 1024 * 1024;

/** Sends what the server lacks of files, in plain requests. Each piece can be sent again. */
export async function sendMissing(
  session: Session,
  files: readonly FileProgress[],
  source: (part: DatasetPart) => Blob | undefined,
  { onProgress, ...options }: UploadOptions,
): Promise<void> {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  let others = files.reduce((sum, { received }) => sum + received, 0);
  for (const file of files) {
    const data = fitting(file, source(file.part));
    others -= file.received;
    let now = file;
    for (let [range] = now.missing; range !== undefined; [range] = now.missing) {
      const [from, behind] = range;
      const to = Math.min(behind, from + PIECE);
      const request: Request = {
        method: "PUT",
        path: "/dataset/file",
        query: { uuid: file.uuid },
        headers: { "content-range": `bytes ${String(from)}-${String(to - 1)}/${String(file.size)}` },
        bytes: data.slice(from, to),
        repeatable: true,
      };
      now = await session.json<FileProgress>(request, options);
      onProgress?.({ arrived: others + now.received, total });
    }
    others += now.received;
  }
}

function fitting({ part, size }: FileProgress, data: Blob | undefined): Blob {
  if (data?.size === size) {
    return data;
  }
  const found = data === undefined ? "is missing" : `has ${String(data.size)} bytes`;
  const detail = `the dataset waits for a file \`${part}\` of ${String(size)} bytes; the one given ${found}`;
  throw new BadRequestError({ detail });
}
