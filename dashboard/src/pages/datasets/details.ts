/** What the list of datasets does not tell, asked for one by one. */

import { type Dataset, type DatasetEntry, type FileProgress, type Hanami, NotFoundError } from "hanami-sdk";

/** A dataset, and the files that it waits for; nothing of one that was deleted meanwhile. */
export type Details = readonly [DatasetEntry, Dataset | undefined, readonly FileProgress[]];

/** Tells of each as soon as it is known. */
export async function* detailsOf(
  hanami: Hanami,
  entries: readonly DatasetEntry[],
  signal: AbortSignal,
): AsyncGenerator<Details, void, void> {
  for (const entry of entries) {
    try {
      const dataset = await hanami.datasets.get(entry, { signal });
      // Only one that is not finished has no rows.
      const files = dataset.lines === 0 ? (await hanami.datasets.progress(entry, { signal })).files : [];
      yield [entry, dataset, files];
    } catch (error) {
      if (!(error instanceof NotFoundError)) {
        throw error;
      }
      yield [entry, undefined, []];
    }
  }
}
