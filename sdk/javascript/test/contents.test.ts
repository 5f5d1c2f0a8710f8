/** What datasets and results hold, and uploads that are taken up again. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { BadRequestError, ConflictError, ConnectionError, Hanami, type UploadProgress } from "hanami-sdk";

import { Proxy } from "./support/proxy.js";
import { admin, Server } from "./support/server.js";

const colours = "size,colour\n2,red\n6,blue\n4,red\n";

const template = `\
version: 1
bricks:
    1,1,1
        input: features
        number_of_neurons: 1
    2,1,1
        number_of_neurons: 16
    3,1,1
        output: answer
        number_of_neurons: 2
`;

test("a dataset shows its rows and columns, and comes back as it was", async () => {
  await using server = await Server.start();
  const { datasets } = await server.connect();
  const dataset = await datasets.uploadCsv({ name: "colours", table: colours });
  const { lines, columns, rows } = await datasets.preview(dataset, { from: 1, count: 1 });
  assert.deepEqual([lines, columns, rows], [3, ["size", "colour"], [[6, "blue"]]]);
  const [size, colour] = (await datasets.columns(dataset)).columns;
  assert.deepEqual([size?.type, size?.minimum, size?.maximum, size?.mean], ["number", 2, 6, 4]);
  assert.ok(Math.abs((size?.standardDeviation ?? NaN) - Math.sqrt(8 / 3)) < 1e-6);
  assert.deepEqual(colour?.categories, [
    { category: "blue", count: 1 },
    { category: "red", count: 2 },
  ]);
  const download = await datasets.download(dataset);
  const again = await datasets.uploadCsv({ name: "again", table: await download.blob() });
  assert.deepEqual((await datasets.preview(again)).rows, (await datasets.preview(dataset)).rows);
  await assert.rejects(datasets.download(dataset, { part: "label" }), { status: 404 });
});

test("a request keeps all outputs on demand, and is scored class by class", async () => {
  await using server = await Server.start();
  const { clusters, datasets, results, tasks } = await server.connect();
  const dataset = await datasets.uploadCsv({ name: "colours", table: colours });
  const cluster = await clusters.create({ name: "colourist", template });
  const mapping = { type: "row", inputs: { features: ["size"] }, outputs: { answer: ["colour"] } } as const;
  const common = { cluster, dataset, mapping };
  const train = { name: "learn", type: "train", epochs: 20, shuffle: true, seed: 7 } as const;
  const learned = await tasks.wait(await tasks.create({ ...common, ...train }));
  assert.deepEqual([learned.samples, learned.totalSamples, learned.epoch], [60, 60, 20]);
  assert.ok((learned.runningLoss ?? NaN) >= 0);

  const asking = await tasks.create({ ...common, name: "ask all", type: "request", fullOutputs: true });
  await tasks.wait(asking);
  const result = await results.get(asking);
  assert.deepEqual(
    [result.column, result.rows, result.hasOutputs, result.datasetType],
    ["colour", 3, true, "csv"],
  );
  assert.ok(result.created instanceof Date);
  const { bricks, width, outputs } = await results.outputs(asking, { from: 1, count: 2 });
  assert.deepEqual([bricks, width, outputs.length], [[{ name: "answer", width: 2 }], 2, 2]);
  const table = await (await results.download(asking)).text();
  assert.match(table, /^row,value,answer_0,answer_1\r?\n0,/);
  const score = await datasets.check({ result: asking, dataset });
  assert.equal(score.samples, 3);
  assert.deepEqual(
    score.classes?.map((found) => [found.class, found.support]),
    [
      ["blue", 1],
      ["red", 2],
    ],
  );
  assert.equal(score.mae, undefined);
  assert.equal((await results.update(asking, { name: "answers" })).name, "answers");

  const short = await tasks.create({ ...common, name: "ask again", type: "request" });
  await tasks.wait(short);
  await assert.rejects(results.outputs(short), ConflictError);
});

test("a training is judged by the samples that it does not learn", async () => {
  await using server = await Server.start();
  const { clusters, datasets, tasks } = await server.connect();
  const rows = Array.from(
    { length: 100 },
    (_, row) => `${String(row % 10)},${row % 10 < 5 ? "low" : "high"}`,
  );
  const dataset = await datasets.uploadCsv({ name: "numbers", table: ["number,kind", ...rows].join("\n") });
  const cluster = await clusters.create({ name: "kinds", template });
  const mapping = { type: "row", inputs: { features: ["number"] }, outputs: { answer: ["kind"] } } as const;
  const task = await tasks.create({
    name: "learn",
    type: "train",
    cluster,
    dataset,
    mapping,
    epochs: 2,
    validationShare: 0.2,
  });
  const { validation } = await tasks.wait(task);
  assert.deepEqual(
    validation?.map(({ epoch, samples }) => [epoch, samples]),
    [
      [1, 20],
      [2, 20],
    ],
  );
  assert.ok(validation.every(({ accuracy = NaN, loss }) => accuracy >= 0 && accuracy <= 100 && loss >= 0));
});

const table = [
  "speed,wear",
  ...Array.from({ length: 1_000_000 }, (_, row) => `${String(row)},${String(row % 7)}`),
]
  .join("\n")
  .concat("\n");

test("an upload is taken up again after its program has ended", async () => {
  await using server = await Server.start();
  await using proxy = await Proxy.start(server.address);
  const first = await Hanami.connect(proxy.address, admin, { retries: 0 });
  const { uuid } = await first.datasets.declareCsv("table", table.length);
  // The first piece arrives, then the line is dead.
  const onProgress = (): void => {
    proxy.refuse();
  };
  const broken = first.datasets.resume(uuid, { table }, { onProgress });
  await assert.rejects(broken, ConnectionError);

  const second = await server.connect();
  const { complete, files } = await second.datasets.progress(uuid);
  assert.equal(complete, false);
  const [file] = files;
  assert.ok(file !== undefined && file.received >= 4 * 1024 * 1024 && file.received < table.length);
  await assert.rejects(second.datasets.resume(uuid, { table: table.slice(1) }), BadRequestError);
  const progress: UploadProgress[] = [];
  await second.datasets.resume(uuid, { table }, { onProgress: (now) => void progress.push(now) });
  assert.deepEqual(progress.at(-1), { arrived: table.length, total: table.length });
  assert.ok((progress[0]?.arrived ?? 0) > file.received);
  assert.equal((await second.datasets.get(uuid)).lines, 1_000_000);
  // Once more is no mistake: nothing is missing.
  assert.deepEqual(await second.datasets.resume(uuid, { table }), { uuid });
});

test("a piece whose connection breaks is sent again", async () => {
  await using server = await Server.start();
  await using proxy = await Proxy.start(server.address);
  const { datasets } = await Hanami.connect(proxy.address, admin);
  const { uuid } = await datasets.declareCsv("table", table.length);
  proxy.cutAfter(1_000_000);
  const progress: UploadProgress[] = [];
  await datasets.resume(uuid, { table }, { onProgress: (now) => void progress.push(now) });
  assert.deepEqual(progress.at(-1), { arrived: table.length, total: table.length });
  assert.equal(proxy.cuts, 1);
  assert.equal((await datasets.get(uuid)).lines, 1_000_000);
});

test("an upload whose bytes have all arrived is finished without the files", async () => {
  await using server = await Server.start();
  const { datasets } = await server.connect();
  const { uuid } = await datasets.declareCsv("table", 8);
  await assert.rejects(datasets.finish(uuid), BadRequestError);
  const stop = new AbortController();
  const onProgress = (): void => {
    stop.abort();
  };
  await assert.rejects(datasets.resume(uuid, { table: "a,b\n1,2\n" }, { onProgress, signal: stop.signal }));
  assert.equal((await datasets.progress(uuid)).complete, true);
  assert.equal((await datasets.get(uuid)).lines, 0);
  assert.deepEqual(await datasets.finish(uuid), { uuid });
  assert.equal((await datasets.get(uuid)).lines, 1);
});
