import type { Entry, Visibility } from "./clusters.js";
import type { Session } from "./session.js";
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

/** Where bytes come from: memory, or a file of a browser; for paths see `hanami-sdk/node`. */
export type Source = Blob | Uint8Array<ArrayBuffer> | ArrayBuffer | string;

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

  /** Whether all bytes of all files of a dataset have arrived. */
  async progress(dataset: Ref, options: CallOptions = {}): Promise<{ uuid: string; complete: boolean }> {
    return this.#session.get("/dataset/progress", { uuid: uuidOf(dataset) }, options);
  }

  /**
   * How good the answers in a request result are by a dataset: the share that is right, in percent.
   *
   * @throws {@link BadRequestError} if they do not fit together.
   */
  async check(
    { result, dataset }: { readonly result: Ref; readonly dataset: Ref },
    options: CallOptions = {},
  ): Promise<{ accuracy: number }> {
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
    const { uuid, type, uuidInputFile, uuidLabelFile } = dataset;
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

function blob(source: Source): Blob {
  return source instanceof Blob ? source : new Blob([source]);
}
