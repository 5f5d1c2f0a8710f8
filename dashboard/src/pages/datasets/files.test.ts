import { expect, test } from "vitest";

import { fingerprint, identify } from "./files.js";

function idx(sizes: readonly number[], bytes: number, type = 8): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(4 + 4 * sizes.length + bytes);
  data.set([0, 0, type, sizes.length]);
  const view = new DataView(data.buffer);
  for (const [index, size] of sizes.entries()) {
    view.setUint32(4 + 4 * index, size);
  }
  return data;
}

async function gzip(data: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([data]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

const file = (name: string, data: Uint8Array<ArrayBuffer> | string): File => new File([data], name);

test("images, labels and tables are told by what they hold, whatever their names", async () => {
  expect(await identify(file("a.csv", idx([3, 2, 2], 12)))).toMatchObject({
    kind: "images",
    items: 3,
    height: 2,
    width: 2,
  });
  expect(await identify(file("images", idx([5], 5)))).toMatchObject({ kind: "labels", items: 5 });
  expect(await identify(file("noname", "a,b\n1,2\n"))).toMatchObject({ kind: "table" });
});

test("packed files are unpacked", async () => {
  const images = idx([3, 2, 2], 12);
  const found = await identify(file("train.gz", await gzip(images)));
  expect(found).toMatchObject({ kind: "images", items: 3 });
  expect("data" in found ? found.data.size : 0).toBe(images.length);
  const broken = (await gzip(images)).slice(0, 20);
  expect(await identify(file("train.gz", broken))).toMatchObject({ kind: "wrong" });
});

test("what can't be uploaded is told, with the reason", async () => {
  const wrong: [File, RegExp][] = [
    [file("empty.csv", ""), /empty/],
    [file("images", idx([3, 2, 2], 11)), /28 bytes.*27/],
    [file("floats", idx([3, 2, 2], 12, 0x0d)), /unsigned bytes/],
    [file("matrix", idx([3, 4], 12)), /dimension/],
    [file("all.zip", Uint8Array.of(0x50, 0x4b, 3, 4, 0)), /ZIP/],
    [file("photo.png", Uint8Array.of(0x89, 0x50, 0x4e, 0x47)), /picture/],
    [file("data.bin", Uint8Array.of(1, 2, 0, 4)), /neither/],
    [file("latin.csv", Uint8Array.of(0x61, 0x2c, 0xe4, 0x0a)), /neither/],
    [file("data.json", '[{"a": 1}]'), /CSV/],
    [file("german.csv", "a;b\n1;2\n"), /comma/],
    [file("train-images.idx3", "a,b\n"), /IDX/],
  ];
  for (const [given, words] of wrong) {
    const found = await identify(given);
    expect(found.kind, given.name).toBe("wrong");
    expect("words" in found ? found.words : "", given.name).toMatch(words);
  }
});

test("a fingerprint tells files of one size apart", async () => {
  const data = new Uint8Array(500_000);
  const before = await fingerprint(new Blob([data]));
  expect(await fingerprint(new Blob([data]))).toBe(before);
  for (const at of [0, 250_000, 499_999]) {
    const other = data.slice();
    other[at] = 1;
    expect(await fingerprint(new Blob([other]))).not.toBe(before);
  }
});
