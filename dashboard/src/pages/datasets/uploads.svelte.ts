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
  type UploadProgress,
} from "hanami-sdk";
import { untrack } from "svelte";

import { problemOf } from "../../app/problem.js";
import { session } from "../../app/session.svelte.js";
import { toasts } from "../../app/toasts.svelte.js";
import { text } from "../../text.js";
import { fingerprint, type Known } from "./files.js";
import { matching, partsOf, type Printed, printed, readable, type Sources, sourcesOf } from "./match.js";
import { type FileRecord, forget, recordOf, remember } from "./records.js";
import { filesOf, type FileSet } from "./sets.js";
import { Upload } from "./upload.svelte.js";

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
    const { datasets } = session.hanami;
    const place = placeNow();
    const files = partsOf(set);
    const size = (wanted: DatasetPart): number =>
      files.find(({ part }) => part === wanted)?.file.data.size ?? 0;
    const records = await Promise.all(
      files.map(async ({ part, file }): Promise<FileRecord> => ({
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
    const expected = files.map(({ part, file }) => ({ part, size: file.data.size, received: 0 }));
    const upload = new Upload(declared, place, records, expected);
    this.#all = [upload, ...this.#all];
    this.#send(upload, sourcesOf(upload.type, filesOf(set)));
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
    let left = await printed(files);
    for (const upload of this.here.filter(({ stage }) => stage === "begun")) {
      const found = matching(upload.type, upload.wanted, left);
      if (found !== undefined) {
        left = left.filter(({ file }) => !found.includes(file));
        this.#send(upload, sourcesOf(upload.type, found));
      }
    }
    this.#tellOthers(left);
    return left.map(({ file }) => file);
  }

  pause(upload: Upload): void {
    upload.stop("paused");
    this.#next();
  }

  resume(upload: Upload): void {
    if (upload.sources !== undefined) {
      this.#send(upload, upload.sources);
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

  #send(upload: Upload, sources: Sources): void {
    upload.sources = sources;
    upload.error = undefined;
    upload.stage = "waiting";
    this.#next();
  }

  /** Stops those of another user or project: what they would send has the token of this one. */
  pauseElsewhere(place: string): void {
    for (const upload of this.#all) {
      if (upload.active && upload.place !== place) {
        upload.stop("paused");
      }
    }
  }

  /** Lets those that wait begin, as far as there is room. */
  #next(): void {
    this.pauseElsewhere(placeNow());
    const running = this.#all.filter(({ active, stage }) => active && stage !== "waiting").length;
    const waiting = this.#all.filter(({ stage }) => stage === "waiting").toReversed();
    for (const upload of waiting.slice(0, Math.max(AT_ONCE - running, 0))) {
      if (upload.sources !== undefined) {
        void this.#run(upload, upload.sources).finally(() => {
          this.#next();
        });
      }
    }
  }

  /** Sends until all is there, however often the connection breaks. */
  async #run(upload: Upload, sources: Sources): Promise<void> {
    const signal = upload.begin();
    const onProgress = ({ arrived }: UploadProgress): void => {
      upload.tell(arrived);
    };
    while (!signal.aborted) {
      if (upload.place !== placeNow()) {
        upload.stop("paused");
        return;
      }
      try {
        await session.hanami.datasets.resume(upload.uuid, sources, { signal, onProgress });
        this.#done(upload);
      } catch (error) {
        await this.#failed(upload, sources, error, signal);
      }
    }
  }

  /** Waits if it is worth trying again, and ends the upload otherwise. */
  async #failed(upload: Upload, sources: Sources, error: unknown, signal: AbortSignal): Promise<void> {
    if (signal.aborted) {
      return;
    }
    if (!passes(error)) {
      this.#refused(upload, error);
    } else if (await readable(sources)) {
      upload.stage = "interrupted";
      await new Promise((resolve) => setTimeout(resolve, RETRY));
    } else {
      upload.stop("begun");
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
  #tellOthers(files: readonly Printed[]): void {
    const awaited = this.here.filter(({ stage }) => stage === "begun").flatMap(({ records }) => records);
    for (const { file, print } of files) {
      const same = awaited.filter(({ name }) => name === file.name);
      if (same.length > 0 && same.every((record) => record.print !== print)) {
        toasts.failed(words.otherFile(file.name));
      }
    }
  }
}

function placeNow(): string {
  const { identity } = session;
  return identity === undefined ? "" : `${identity.id} ${identity.projectId}`;
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

/** Asks before the page is left while something is sent. */
addEventListener("beforeunload", (event) => {
  if (uploads.active) {
    event.preventDefault();
  }
});

export const uploads = new Uploads();

$effect.root(() => {
  $effect(() => {
    const place = placeNow();
    untrack(() => {
      uploads.pauseElsewhere(place);
    });
  });
});
