import type { Change, Entry, Visibility } from "./clusters.js";
import type { Columns, Preview, Score } from "./contents.js";
import type { RowOptions } from "./results.js";
import { type DatasetPart, type FileProgress, sendMissing } from "./resume.js";
import type { Session } from "./session.js";
import { blob, type Source } from "./sources.js";
import type { CallOptions } from "./transport.js";
import { Upload, type UploadOptions } from "./upload.js";
import { type Ref, uuidOf } from "./words.js";

/** What a dataset was made from: a pair of IDX files, or one table. */
export type DatasetType = "mnist" | "csv";

/** A row of the list of datasets. */
export interface DatasetEntry extends Entry {
  readonly type: DatasetType;
}

/** A dataset. */
export interface Dataset extends DatasetEntry {
  /** Values of one input: pixels of an image, columns of a table. 0 until the upload is finished. */
  readonly inputs: number;
  /** Values of one output: classes of the images, columns of a table. 0 like `inputs`. */
  readonly outputs: number;
  /** Images or rows. 0 like `inputs`. */
  readonly lines: number;
  /** Where the server keeps it, relative to its data directory. */
  readonly location: string;
}

/** A pair of IDX files. */
export interface MnistFiles {
  readonly images: Source;
  readonly labels: Source;
}

/** A table: comma separated, the names of the columns in the first line. */
export interface CsvFile {
  readonly table: Source;
}

/** A dataset that waits for its files, and where each is to be sent. */
export interface DeclaredDataset {
  readonly uuid: string;
  readonly name: string;
  readonly ownerId: string;
  readonly projectId: string;
  readonly visibility: Visibility;
  readonly type: DatasetType;
  /** Uuid of the file with the images, or the table. */
  readonly uuidInputFile: string;
  /** Uuid of the file with the labels. */
  readonly uuidLabelFile?: string;
}

/** What has arrived of the files of a dataset. */
export interface UploadState {
  readonly uuid: string;
  /** Whether all bytes of all its files have arrived. */
  readonly complete: boolean;
  /** The files it waits for; none once it is finished. */
  readonly files: readonly FileProgress[];
}

/** A dataset whose files have arrived. */
type UploadedDataset = Pick<DeclaredDataset, "uuid" | "type" | "uuidInputFile"> & {
  uuidLabelFile?: string | undefined;
};

/** Datasets: what clusters learn from, and are asked about. */
export class Datasets {
  readonly #session: Session;

  /** @internal */
  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * Uploads a pair of IDX files as a dataset, which is ready for tasks then. When the upload fails,
   * what did arrive is deleted again.
   *
   * @throws {@link BadRequestError} if the files are no IDX files or do not belong together.
   */
  async uploadMnist(
    { name, ...files }: MnistFiles & { readonly name: string },
    options: UploadOptions = {},
  ): Promise<{ uuid: string }> {
    const images = blob(files.images);
    const labels = blob(files.labels);
    const dataset = await this.declareMnist(name, { images: images.size, labels: labels.size }, options);
    return this.#orNothing(dataset, this.#send(dataset, { images, labels }, options));
  }

  /**
   * Uploads a table as a dataset; otherwise as {@link Datasets.uploadMnist}.
   *
   * @throws {@link BadRequestError} if it is no table.
   */
  async uploadCsv(
    { name, ...files }: CsvFile & { readonly name: string },
    options: UploadOptions = {},
  ): Promise<{ uuid: string }> {
    const table = blob(files.table);
    const dataset = await this.declareCsv(name, table.size, options);
    return this.#orNothing(dataset, this.#send(dataset, { table }, options));
  }

  /** Declares a dataset of images and labels whose files have these sizes in bytes. */
  async declareMnist(
    name: string,
    sizes: { readonly images: number; readonly labels: number },
    options: CallOptions = {},
  ): Promise<DeclaredDataset> {
    const body = { name, input_data_size: sizes.images, label_data_size: sizes.labels };
    return this.#session.post<DeclaredDataset>("/mnist/dataset", body, options);
  }

  /** Declares a dataset of a table whose file has this size in bytes. */
  async declareCsv(name: string, size: number, options: CallOptions = {}): Promise<DeclaredDataset> {
    return this.#session.post<DeclaredDataset>("/csv/dataset", { name, input_data_size: size }, options);
  }

  /** A dataset. */
  async get(dataset: Ref, options: CallOptions = {}): Promise<Dataset> {
    return this.#session.get<Dataset>("/dataset", { uuid: uuidOf(dataset) }, options);
  }

  /** All datasets that the user may see. */
  async list(options: CallOptions = {}): Promise<DatasetEntry[]> {
    return this.#session.list<DatasetEntry>("/dataset/all", {}, options);
  }

  /** What has arrived of the files of a dataset. */
  async progress(dataset: Ref, options: CallOptions = {}): Promise<UploadState> {
    return this.#session.get<UploadState>("/dataset/progress", { uuid: uuidOf(dataset) }, options);
  }

  /**
   * Goes on with the upload of a dataset that was declared: sends what the server lacks of its
   * files, over plain HTTP, and finishes it. When it fails, what did arrive stays; call it again.
   *
   * @throws {@link BadRequestError} if the files do not have the declared sizes, or are not what
   * they should be.
   */
  async resume(
    dataset: Ref,
    files: MnistFiles | CsvFile,
    options: UploadOptions = {},
  ): Promise<{ uuid: string }> {
    const uuid = uuidOf(dataset);
    const state = await this.progress(uuid, options);
    const sources = "table" in files ? { input: files.table } : { input: files.images, label: files.labels };
    const source = (part: DatasetPart): Blob | undefined => {
      const found = part === "label" ? sources.label : sources.input;
      return found === undefined ? undefined : blob(found);
    };
    await sendMissing(this.#session, state.files, source, options);
    await this.#finishUpload(uuid, "table" in files ? "csv" : "mnist", state.files, options);
    return { uuid };
  }

  /**
   * Finishes the upload of a dataset all of whose bytes have arrived already: for a program that
   * ended before it could, and no longer has the files.
   *
   * @throws {@link BadRequestError} if bytes are missing, or they are not what they should be.
   */
  async finish(dataset: Ref, options: CallOptions = {}): Promise<{ uuid: string }> {
    const uuid = uuidOf(dataset);
    const { files } = await this.progress(uuid, options);
    // Only images have labels.
    const type = files.some(({ part }) => part === "label") ? "mnist" : "csv";
    await this.#finishUpload(uuid, type, files, options);
    return { uuid };
  }

  /** Up to `count` rows (1 to 100; 20 unless set) of a dataset. */
  async preview(dataset: Ref, { from, count, ...options }: RowOptions = {}): Promise<Preview> {
    return this.#session.get<Preview>("/dataset/preview", { uuid: uuidOf(dataset), from, count }, options);
  }

  /** What the columns of a dataset hold: types, extremes, means, how often each class occurs. */
  async columns(dataset: Ref, options: CallOptions = {}): Promise<Columns> {
    return this.#session.get<Columns>("/dataset/columns", { uuid: uuidOf(dataset) }, options);
  }

  /**
   * A file that a dataset could be uploaded from, to read, stream or save. Its body fails if the
   * connection breaks.
   */
  async download(
    dataset: Ref,
    { part, ...options }: CallOptions & { readonly part?: DatasetPart } = {},
  ): Promise<Response> {
    return this.#session.open("/dataset/download", { uuid: uuidOf(dataset), part }, options);
  }

  /** Changes the name or the visibility of a dataset. */
  async update(dataset: Ref, change: Change, options: CallOptions = {}): Promise<DatasetEntry> {
    return this.#session.put<DatasetEntry>("/dataset", { uuid: uuidOf(dataset), ...change }, options);
  }

  /**
   * How good the answers in a request result are by a dataset.
   *
   * @throws {@link BadRequestError} if they do not fit together.
   */
  async check(
    { result, dataset }: { readonly result: Ref; readonly dataset: Ref },
    options: CallOptions = {},
  ): Promise<Score> {
    const body = { result_uuid: uuidOf(result), dataset_uuid: uuidOf(dataset) };
    return this.#session.post("/dataset/check", body, options);
  }

  /** Deletes a dataset. */
  async delete(dataset: Ref, options: CallOptions = {}): Promise<void> {
    await this.#session.delete("/dataset", { uuid: uuidOf(dataset) }, options);
  }

  /** Sends the files of a dataset over websockets, and finishes it. */
  async #send(
    dataset: DeclaredDataset,
    files: { images: Blob; labels: Blob } | { table: Blob },
    options: UploadOptions,
  ): Promise<void> {
    const parts =
      "table" in files
        ? [{ uuid: dataset.uuidInputFile, data: files.table }]
        : [
            // The short file first: the token may expire while the long one is on its way.
            { uuid: dataset.uuidLabelFile ?? "", data: files.labels },
            { uuid: dataset.uuidInputFile, data: files.images },
          ];
    await new Upload(this.#session, parts, options).send();
    await this.#finish(dataset, options);
  }

  /** Finishes a dataset that waits for `files`. */
  async #finishUpload(
    uuid: string,
    type: DatasetType,
    files: readonly FileProgress[],
    options: CallOptions,
  ): Promise<void> {
    const uuidOfPart = (part: DatasetPart): string | undefined =>
      files.find((file) => file.part === part)?.uuid;
    const uuidInputFile = uuidOfPart("input");
    // Without files it waits for none: it is finished.
    if (uuidInputFile !== undefined) {
      await this.#finish({ uuid, type, uuidInputFile, uuidLabelFile: uuidOfPart("label") }, options);
    }
  }

  async #finish(
    { uuid, type, uuidInputFile, uuidLabelFile }: UploadedDataset,
    options: CallOptions,
  ): Promise<void> {
    const body = { uuid, uuid_input_file: uuidInputFile, uuid_label_file: uuidLabelFile };
    // The server reads it all now, which takes as long as it takes.
    await this.#session.put(`/${type}/dataset`, body, { timeout: 0, ...options });
  }

  /** The dataset, if all goes well; otherwise deletes what arrived. */
  async #orNothing({ uuid }: DeclaredDataset, work: Promise<void>): Promise<{ uuid: string }> {
    try {
      await work;
      return { uuid };
    } catch (error) {
      // The first error says more than one of the cleaning up would. The signal is left out: the
      // clean-up is needed most when it was aborted.
      await this.delete(uuid).catch(() => undefined);
      throw error;
    }
  }
}
