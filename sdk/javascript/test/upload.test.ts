import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { BadRequestError, ConnectionError, Hanami, type UploadProgress } from "hanami-sdk";
import { openFile } from "hanami-sdk/node";

import { Proxy } from "./support/proxy.js";
import { admin, Server } from "./support/server.js";

/** A table of 150,000 rows: more than ten chunks. */
const table = [
  "speed,wear",
  ...Array.from({ length: 150_000 }, (_, row) => `${String(row)}.25,${String(row * 2)}`),
]
  .join("\n")
  .concat("\n");

/** Images of one pixel and their labels, as IDX files. */
function idx(count: number): { images: Uint8Array<ArrayBuffer>; labels: Uint8Array<ArrayBuffer> } {
  const images = new Uint8Array(16 + count);
  const head = new DataView(images.buffer);
  [0x803, count, 1, 1].forEach((word, index) => {
    head.setUint32(index * 4, word);
  });
  const labels = new Uint8Array(8 + count);
  new DataView(labels.buffer).setUint32(0, 0x801);
  new DataView(labels.buffer).setUint32(4, count);
  for (let index = 0; index < count; index++) {
    images[16 + index] = (index % 2) * 255;
    labels[8 + index] = index % 2;
  }
  return { images, labels };
}

function assertRising(progress: readonly UploadProgress[], total: number): void {
  assert.deepEqual(progress.at(-1), { arrived: total, total });
  for (const [index, now] of progress.entries()) {
    assert.ok(now.total === total && now.arrived > (progress[index - 1]?.arrived ?? 0));
  }
}

test("a table of many chunks arrives whole, from memory and from a file", async () => {
  await using server = await Server.start();
  const hanami = await server.connect();
  const folder = await mkdtemp(join(tmpdir(), "hanami-sdk-"));
  try {
    const path = join(folder, "table.csv");
    await writeFile(path, table);
    for (const [name, source] of [
      ["from memory", table],
      ["from bytes", new TextEncoder().encode(table)],
      ["from a file", await openFile(path)],
    ] as const) {
      const progress: UploadProgress[] = [];
      const onProgress = (now: UploadProgress): void => void progress.push(now);
      const dataset = await hanami.datasets.uploadCsv({ name, table: source }, { onProgress });
      assertRising(progress, table.length);
      assert.ok(progress.length > 10);
      const { type, lines } = await hanami.datasets.get(dataset);
      assert.deepEqual([type, lines], ["csv", 150_000]);
      assert.deepEqual(await hanami.datasets.progress(dataset).then(({ complete }) => complete), true);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("images and labels count as one upload", async () => {
  await using server = await Server.start();
  const hanami = await server.connect();
  const files = idx(300_000);
  const progress: UploadProgress[] = [];
  const onProgress = (now: UploadProgress): void => void progress.push(now);
  const dataset = await hanami.datasets.uploadMnist({ name: "halves", ...files }, { onProgress });
  assertRising(progress, files.images.length + files.labels.length);
  const { type, inputs, outputs, lines } = await hanami.datasets.get(dataset);
  assert.deepEqual([type, inputs, outputs, lines], ["mnist", 1, 10, 300_000]);
});

test("an upload that fails or is given up leaves nothing behind", async () => {
  await using server = await Server.start();
  const hanami = await server.connect();
  const { images, labels } = idx(10);
  const broken = hanami.datasets.uploadMnist({ name: "broken", images: images.slice(1), labels });
  await assert.rejects(
    broken,
    (error) => error instanceof BadRequestError && error.code === "invalid-dataset",
  );
  assert.deepEqual(await hanami.datasets.list(), []);

  const controller = new AbortController();
  const enough = new Error("enough");
  const onProgress = (): void => {
    controller.abort(enough);
  };
  const upload = hanami.datasets.uploadCsv(
    { name: "table", table },
    { onProgress, signal: controller.signal },
  );
  await assert.rejects(upload, enough);
  assert.deepEqual(await hanami.datasets.list(), []);
});

test("an upload goes on over another connection when one breaks", async () => {
  await using server = await Server.start();
  await using proxy = await Proxy.start(server.address);
  const hanami = await Hanami.connect(proxy.address, admin);
  const progress: UploadProgress[] = [];
  const onProgress = (now: UploadProgress): void => {
    progress.push(now);
    if (progress.length === 4 || progress.length === 9) {
      proxy.cut();
    }
  };
  const dataset = await hanami.datasets.uploadCsv({ name: "table", table }, { onProgress });
  assert.equal(proxy.cuts, 2);
  assertRising(progress, table.length);
  assert.equal((await hanami.datasets.get(dataset)).lines, 150_000);
});

test("an upload whose server stays away fails", async () => {
  await using server = await Server.start();
  await using proxy = await Proxy.start(server.address);
  const hanami = await Hanami.connect(proxy.address, admin, { retries: 0 });
  const onProgress = (): void => {
    proxy.refuse();
  };
  await assert.rejects(hanami.datasets.uploadCsv({ name: "table", table }, { onProgress }), ConnectionError);
});
