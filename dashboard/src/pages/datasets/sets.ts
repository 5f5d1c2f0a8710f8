/** Files that belong together: a table alone, or images with their labels. */

import { nameFrom } from "../../parts/names.js";
import { text } from "../../text.js";
import type { Known } from "./files.js";

const words = text.datasets.sets;

/** Files that make one dataset. */
export type FileSet =
  | { readonly type: "csv"; readonly table: Known }
  | { readonly type: "mnist"; readonly images: Known | undefined; readonly labels: Known | undefined };

/** Puts images to their labels: by name, then by number, then what is left. */
export function arrange(files: readonly Known[]): FileSet[] {
  const images = files.filter(({ kind }) => kind === "images");
  const labels = files.filter(({ kind }) => kind === "labels");
  const pairs: FileSet[] = [];
  const pair = (fits: (image: Known, label: Known) => boolean): void => {
    for (const image of [...images]) {
      const label = labels.find((candidate) => fits(image, candidate));
      if (label !== undefined) {
        images.splice(images.indexOf(image), 1);
        labels.splice(labels.indexOf(label), 1);
        pairs.push({ type: "mnist", images: image, labels: label });
      }
    }
  };
  pair((image, label) => stem(image) === stem(label));
  pair((image, label) => image.items === label.items);
  if (images.length === 1 && labels.length === 1) {
    pair(() => true);
  }
  return [
    ...pairs,
    ...images.map((image): FileSet => ({ type: "mnist", images: image, labels: undefined })),
    ...labels.map((label): FileSet => ({ type: "mnist", images: undefined, labels: label })),
    ...files.filter(({ kind }) => kind === "table").map((table): FileSet => ({ type: "csv", table })),
  ];
}

/** The files of a set. */
export function filesOf(set: FileSet): Known[] {
  const files = set.type === "csv" ? [set.table] : [set.images, set.labels];
  return files.filter((file) => file !== undefined);
}

/** Why a set can't be uploaded yet; nothing if it can. */
export function problemOfSet(set: FileSet): string | undefined {
  if (set.type === "csv") {
    return undefined;
  }
  const { images, labels } = set;
  if (labels === undefined) {
    return words.noLabels;
  }
  if (images === undefined) {
    return words.noImages;
  }
  return images.items === labels.items ? undefined : words.otherNumber(images.items ?? 0, labels.items ?? 0);
}

/** A name for the dataset that a set makes. */
export function nameOfSet(set: FileSet): string {
  const [first] = filesOf(set);
  return first === undefined ? "" : nameFrom(stem(first), set.type === "csv" ? "table" : "images");
}

/** What two names of a pair share: `train` of `train-images-idx3-ubyte.gz`. */
function stem({ name, kind }: Known): string {
  const bare = name.replace(/\.gz$/i, "").replace(/\.[a-z0-9]{1,5}$/i, "");
  if (kind === "table") {
    return bare;
  }
  return bare.replace(/images?|labels?|idx\d?|ubyte/gi, "").replace(/[^a-zA-Z0-9]+$|[-_. ]{2,}/g, "");
}
