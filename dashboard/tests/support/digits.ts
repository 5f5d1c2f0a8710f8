/** Handwritten digits to test with: a few of MNIST, which is in this repository. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

import type { Hanami } from "hanami-sdk";

import { repository } from "./server.js";

export const DIGITS = `version: 1
bricks:
    1,1,1
        input: pixels
        number_of_neurons: 784
    2,1,1
        number_of_neurons: 100
    3,1,1
        output: digit
        number_of_neurons: 10
`;

const PIXELS = 28 * 28;

/** Some images of the training set and their labels, as IDX files. */
export async function digits(
  count: number,
  from = 0,
): Promise<{ images: Uint8Array<ArrayBuffer>; labels: Uint8Array<ArrayBuffer> }> {
  const [images, labels] = await Promise.all([
    read("train-images-idx3-ubyte.gz"),
    read("train-labels-idx1-ubyte.gz"),
  ]);
  return { images: part(images, 16, PIXELS, from, count), labels: part(labels, 8, 1, from, count) };
}

/** Uploads some digits as a dataset. */
export async function uploadDigits(hanami: Hanami, name: string, count: number, from = 0): Promise<string> {
  const { images, labels } = await digits(count, from);
  const { uuid } = await hanami.datasets.uploadMnist({ name, images, labels });
  return uuid;
}

/** Makes a cluster that has learned some digits, so that it can tell most of them. */
export async function trainedCluster(hanami: Hanami, name: string, dataset: string): Promise<string> {
  const { uuid } = await hanami.clusters.create({ name, template: DIGITS });
  const task = await hanami.tasks.create({ name: `${name} training`, type: "train", cluster: uuid, dataset });
  await hanami.tasks.wait(task);
  return uuid;
}

async function read(file: string): Promise<Uint8Array> {
  return gunzipSync(await readFile(join(repository, "datasets", "mnist", file)));
}

/** The file with some of its items: their number stands in the second four bytes of the header. */
function part(
  file: Uint8Array,
  header: number,
  size: number,
  from: number,
  count: number,
): Uint8Array<ArrayBuffer> {
  const items = file.subarray(header + from * size, header + (from + count) * size);
  const cut = new Uint8Array(header + items.length);
  cut.set(file.subarray(0, header));
  cut.set(items, header);
  new DataView(cut.buffer).setUint32(4, count);
  return cut;
}
