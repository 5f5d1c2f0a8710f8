/**
 * The uploads of this browser. They go on while one looks at other pages. Those that a reload, a log-out
 * or a closed window ended are found on the server again, and go on when their files are dropped again.
 *
 * At most `AT_ONCE` send at the same time: a browser has few connections to a server, and pages need
 * some of them.
 */

import {
  ConnectionError,
  type DatasetEntry,
  type DatasetPart,
  type FileProgress,
  HanamiError,
  NotFoundError,
  TimeoutError,
  TooManyError,
  UnauthorizedError,
} from "hanami-sdk";

import { problemOf } from "../../app/problem.js";
import { session } from "../../app/session.svelte.js";
import { toasts } from "../../app/toasts.svelte.js";
import { text } from "../../text.js";
import { fingerprint, type Known } from "./files.js";
import { type FileRecord, forget, recordOf, remember } from "./records.js";
import type { FileSet } from "./sets.js";
import { type Parts, Upload } from "./upload.svelte.js";

const words = text.datasets.uploads;
const AT_ONCE = 3;
/** Milliseconds before an interrupted upload is tried again. */
const RETRY = 3_000;

class Uploads {
  #all = $state.raw<readonly Upload[]>([]);
  /** Counts the datasets that became ready, so that lists know when to look again. */
  #finished = $state(0);

  /** Those of the user, in the project they are in. */
  get here(): readonly Upload[] {
    const place = placeNow();
    return this.#all.filter((upload) => upload.place === place);
  }

  get finished(): number {
    return this.#finished;
  }

  get active(): boolean {
    return this.#all.some((upload) => upload.active);
  }

  /** Declares a dataset and begins to send its files. */
  async start(set: FileSet, name: string): Promise<void> {
    const files = partsOf(set);
    const { datasets } = session.hanami;
    const size = (part: DatasetPart): number => files.get(part)?.data.size ?? 0;
    const records = await Promise.all(
      [...files].map(async ([part, file]): Promise<FileRecord> => ({
        part,
        name: file.name,
        print: await fingerprint(file.data),
      })),
    );
    const declared =
      set.type === "csv"
        ? await datasets.declareCsv(name, size("input"))
        : await datasets.declareMnist(name, { images: size("input"), labels: size("label") });
    remember({ uuid: declared.uuid, files: records });
    const upload = new Upload(
      declared,
      placeNow(),
      records,
      [...files].map(([part, { data }]) => ({ part, size: data.size, received: 0 })),
    );
    this.#all = [upload, ...this.#all];
    this.#send(upload, new Map([...files].map(([part, { data }]) => [part, data])));
  }

  /** Takes up a dataset of the server whose upload somebody began, unless it is known already. */
  discover(dataset: DatasetEntry, files: readonly FileProgress[]): void {
    if (this.#all.some(({ uuid }) => uuid === dataset.uuid)) {
      return;
    }
    const record = recordOf(dataset.uuid);
    const upload = new Upload(dataset, placeNow(), record?.files ?? [], files);
    if (record?.problem !== undefined) {
      upload.stop("failed", new HanamiError({ detail: record.problem }));
    }
    this.#all = [...this.#all, upload];
  }

  /** Goes on with the uploads that wait for these files; returns the files that none waits for. */
  async resumeWith(files: readonly Known[]): Promise<readonly Known[]> {
    const prints = new Map<Known, string>();
    for (const file of files) {
      prints.set(file, await fingerprint(file.data));
    }
    let left = files;
    for (const upload of this.here.filter(({ stage }) => stage === "begun")) {
      const found = new Map<DatasetPart, Known>();
      for (const [part, size] of upload.sizes) {
        const print = upload.records.find((record) => record.part === part)?.print;
        const match = left.find(
          (file) =>
            kindOf(upload, part) === file.kind &&
            file.data.size === size &&
            (print === undefined || print === prints.get(file)),
        );
        if (match !== undefined) {
          found.set(part, match);
        }
      }
      if (found.size === upload.sizes.size) {
        left = left.filter((file) => ![...found.values()].includes(file));
        this.#send(upload, new Map([...found].map(([part, { data }]) => [part, data])));
      }
    }
    this.#tellOthers(left, prints);
    return left;
  }

  pause(upload: Upload): void {
    upload.stop("paused");
    this.#next();
  }

  resume(upload: Upload): void {
    if (upload.parts !== undefined) {
      this.#send(upload, upload.parts);
    }
  }

  /** Finishes an upload of which all has arrived, for which its files are not needed. */
  async finish(upload: Upload): Promise<void> {
    const signal = upload.begin();
    try {
      await session.hanami.datasets.finish(upload.uuid, { signal });
      this.#done(upload);
    } catch (error) {
      this.#refused(upload, error);
    }
  }

  /** Ends an upload, and deletes what has arrived. */
  async remove(upload: Upload): Promise<void> {
    if (upload.active) {
      upload.stop("paused");
    }
    try {
      await session.hanami.datasets.delete(upload.uuid);
    } catch (error) {
      if (!(error instanceof NotFoundError)) {
        throw error;
      }
    }
    this.#drop(upload);
    this.#next();
  }

  #send(upload: Upload, parts: Parts): void {
    upload.parts = parts;
    upload.error = undefined;
    upload.stage = "waiting";
    this.#next();
  }

  /** Lets those that wait begin, as far as there is room. */
  #next(): void {
    const running = this.#all.filter(({ active, stage }) => active && stage !== "waiting").length;
    const waiting = this.#all.filter(({ stage }) => stage === "waiting").toReversed();
    for (const upload of waiting.slice(0, Math.max(AT_ONCE - running, 0))) {
      void this.#run(upload).finally(() => {
        this.#next();
      });
    }
  }

  /** Sends until all is there, however often the connection breaks. */
  async #run(upload: Upload): Promise<void> {
    const signal = upload.begin();
    for (;;) {
      try {
        await session.hanami.datasets.resume(upload.uuid, sourcesOf(upload), {
          signal,
          onProgress: ({ arrived }) => {
            upload.tell(arrived);
          },
        });
        this.#done(upload);
        return;
      } catch (error) {
        if (signal.aborted) {
          return;
        }
        if (!passes(error)) {
          this.#refused(upload, error);
          return;
        }
        if (!(await readable(upload))) {
          upload.stop("begun");
          return;
        }
        upload.stage = "interrupted";
        upload.error = error;
        await new Promise((resolve) => setTimeout(resolve, RETRY));
        if (signal.aborted) {
          return;
        }
      }
    }
  }

  #done(upload: Upload): void {
    upload.stop("done");
    this.#drop(upload);
    this.#finished += 1;
    toasts.done(words.done(upload.name));
  }

  #refused(upload: Upload, error: unknown): void {
    const elsewhere = error instanceof NotFoundError && upload.place !== placeNow();
    if (
      !session.open ||
      elsewhere ||
      (error instanceof UnauthorizedError && error.code === "invalid-token")
    ) {
      // It goes on once its user is back.
      upload.stop("paused");
      return;
    }
    upload.stop("failed", error);
    if (error instanceof HanamiError && error.code === "invalid-dataset") {
      remember({ uuid: upload.uuid, files: upload.records, problem: problemOf(error)?.words });
    }
  }

  #drop(upload: Upload): void {
    forget(upload.uuid);
    this.#all = this.#all.filter((other) => other !== upload);
  }

  /** Says so when a file has the name of one that is waited for, but is another one. */
  #tellOthers(files: readonly Known[], prints: ReadonlyMap<Known, string>): void {
    const awaited = this.here.filter(({ stage }) => stage === "begun").flatMap(({ records }) => records);
    for (const file of files) {
      const same = awaited.filter(({ name }) => name === file.name);
      if (same.length > 0 && same.every(({ print }) => print !== prints.get(file))) {
        toasts.failed(words.otherFile(file.name));
      }
    }
  }
}

function placeNow(): string {
  const { identity } = session;
  return identity === undefined ? "" : `${identity.id} ${identity.projectId}`;
}

function partsOf(set: FileSet): ReadonlyMap<DatasetPart, Known> {
  const parts = new Map<DatasetPart, Known>();
  const input = set.type === "csv" ? set.table : set.images;
  const label = set.type === "csv" ? undefined : set.labels;
  if (input !== undefined) {
    parts.set("input", input);
  }
  if (label !== undefined) {
    parts.set("label", label);
  }
  return parts;
}

function kindOf({ type }: Upload, part: DatasetPart): Known["kind"] {
  if (type === "csv") {
    return "table";
  }
  return part === "input" ? "images" : "labels";
}

function sourcesOf({ type, parts }: Upload): { table: Blob } | { images: Blob; labels: Blob } {
  const part = (name: DatasetPart): Blob => parts?.get(name) ?? new Blob();
  return type === "csv" ? { table: part("input") } : { images: part("input"), labels: part("label") };
}

/** Whether it is worth trying again after an error. */
function passes(error: unknown): boolean {
  return (
    error instanceof ConnectionError ||
    error instanceof TimeoutError ||
    error instanceof TooManyError ||
    (error instanceof HanamiError && error.status !== undefined && error.status > 500)
  );
}

/** Whether the files of an upload can still be read: one that was changed or moved can't. */
async function readable({ parts }: Upload): Promise<boolean> {
  try {
    for (const data of parts?.values() ?? []) {
      await data.slice(0, 1).arrayBuffer();
    }
    return true;
  } catch {
    return false;
  }
}

/** Asks before the page is left while something is sent. */
addEventListener("beforeunload", (event) => {
  if (uploads.active) {
    event.preventDefault();
  }
});

export const uploads = new Uploads();
