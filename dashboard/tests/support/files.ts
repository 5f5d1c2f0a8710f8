/** Files to upload. */

import { join } from "node:path";

import type { Locator, Page } from "@playwright/test";

import { repository } from "./server.js";

export interface MadeFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

export function textFile(name: string, content: string): MadeFile {
  return { name, mimeType: "text/plain", buffer: Buffer.from(content) };
}

/** A table of so many rows, with a number of so many decimals, a flag and a category. */
export function table(name: string, rows: number, decimals = 2): MadeFile {
  const lines = Array.from(
    { length: rows },
    (_, row) =>
      `${(row / 4).toFixed(decimals)},${String(row % 2 === 0)},${["ash", "birch", "oak"][row % 3] ?? ""}`,
  );
  return textFile(name, ["height,evergreen,tree", ...lines, ""].join("\n"));
}

/** Images of 8 by 8 pixels, or their labels, as an IDX file. */
export function idx(name: string, sizes: readonly number[]): MadeFile {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.set([0, 0, 8, sizes.length]);
  for (const [index, size] of sizes.entries()) {
    header.writeUInt32BE(size, 4 + 4 * index);
  }
  const bytes = sizes.reduce((product, size) => product * size, 1);
  const data = Buffer.from(
    Array.from({ length: bytes }, (_, index) => index % (sizes.length === 1 ? 10 : 256)),
  );
  return { name, mimeType: "application/octet-stream", buffer: Buffer.concat([header, data]) };
}

/** The test set of MNIST, packed as it is published. */
export const mnist = ["t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"].map((name) =>
  join(repository, "datasets", "mnist", name),
);

/** The input that files are chosen with. */
export function chooser(page: Page): Locator {
  return page.locator('input[type="file"]');
}

/** Drops files on the page, as from a window of the desktop. */
export async function dropFiles(page: Page, files: readonly MadeFile[]): Promise<void> {
  const transfer = await page.evaluateHandle(
    (given) => {
      const made = new DataTransfer();
      for (const { name, base64 } of given) {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        made.items.add(new File([bytes], name));
      }
      return made;
    },
    files.map(({ name, buffer }) => ({ name, base64: buffer.toString("base64") })),
  );
  await page.locator("main").dispatchEvent("dragover", { dataTransfer: transfer });
  await page.locator("main").dispatchEvent("drop", { dataTransfer: transfer });
}
