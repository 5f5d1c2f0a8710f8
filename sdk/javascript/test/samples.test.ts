/** Samples over HTTP, checkpoints as files, names and visibility. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { BadRequestError, ConflictError, Hanami, NotFoundError } from "hanami-sdk";
import { openFile, saveFile } from "hanami-sdk/node";

import { Fake } from "./support/fake.js";
import { Server } from "./support/server.js";

/** The names of its bricks must not be taken for words of the wire. */
const template = `\
version: 1
bricks:
    1,1,1
        input: test_input
        number_of_neurons: 2
    2,1,1
        number_of_neurons: 16
    3,1,1
        output: test_output
        number_of_neurons: 1
`;

test("one sample is answered by one, a list by a list, by the names of the bricks", async () => {
  await using server = await Server.start();
  const { clusters } = await server.connect();
  const cluster = await clusters.create({ name: "reader", template });
  assert.deepEqual(await clusters.learn(cluster, [3, 4], [5]), { steps: 1 });
  const list = { inputs: [[3, 4], Float32Array.of(1, 2)], outputs: { test_output: [[5], [1]] } };
  assert.deepEqual(await clusters.learn(cluster, { test_input: list.inputs }, list.outputs), { steps: 3 });

  const one = await clusters.predict(cluster, { test_input: [3, 4] });
  assert.deepEqual(Object.keys(one), ["test_output"]);
  const many = await clusters.predict(cluster, list.inputs);
  assert.equal(many["test_output"]?.length, 2);
  assert.deepEqual(many["test_output"][0], one["test_output"]);
  assert.deepEqual(await clusters.predict(cluster, Float32Array.of(3, 4)), one);
  // What is not a number is not known.
  assert.deepEqual(await clusters.predict(cluster, [3, NaN]), await clusters.predict(cluster, [3, null]));
  await assert.rejects(clusters.predict(cluster, [1, 2, 3]), BadRequestError);
});

test("an answer is explained by its inputs", async () => {
  await using server = await Server.start();
  const { clusters } = await server.connect();
  const cluster = await clusters.create({ name: "reader", template });
  const inputs = Array.from({ length: 200 }, (_, step) => [step % 2, 1]);
  await clusters.learn(
    cluster,
    inputs,
    inputs.map(([first]) => [first ?? 0]),
  );
  const told = await clusters.explain(cluster, Float32Array.of(1, 0), { index: 0 });
  const answer = await clusters.predict(cluster, [1, 0]);
  assert.equal(told.answer, answer["test_output"]?.[0]);
  const [first = 0, second] = told.contributions["test_input"] ?? [];
  assert.ok(first !== 0 && second === 0);
  assert.ok(Math.abs(first + told.rest - told.sum) < 1e-4);
  await assert.rejects(
    clusters.explain(cluster, [1, 0], { output: "test_input", index: 0 }),
    BadRequestError,
  );
  const { bricks } = await clusters.get(cluster);
  assert.ok(
    bricks.every(({ kind, activity, error }) => activity && (kind === "input") === (error === undefined)),
  );
});

test("a template is checked without making a cluster", async () => {
  await using server = await Server.start();
  const { clusters } = await server.connect();
  const checked = await clusters.checkTemplate(template);
  assert.ok(checked.valid && checked.error === undefined);
  assert.deepEqual(
    checked.bricks.map(({ kind, name, hears }) => [kind, name, hears]),
    [
      ["input", "test_input", []],
      ["inner", undefined, [0]],
      ["output", "test_output", [1]],
    ],
  );
  assert.equal(checked.settings?.maxConnectionDistance, 1);
  const wrong = await clusters.checkTemplate(template.replace("1,1,1", "1,1"));
  assert.ok(!wrong.valid && wrong.settings === undefined);
  assert.deepEqual([wrong.error?.line, wrong.error?.column, wrong.error?.length], [3, 5, 3]);
  assert.match(wrong.error?.message ?? "", /\^\^\^/);
  assert.deepEqual(await clusters.list(), []);
});

test("a cluster tells what it is made of", async () => {
  await using server = await Server.start();
  const hanami = await server.connect();
  const { uuid } = await hanami.clusters.create({ name: "reader", template });
  const cluster = await hanami.clusters.get(uuid);
  assert.equal(cluster.template, template);
  assert.equal(cluster.lastUsedTimestamp, undefined);
  assert.ok(cluster.createTimestamp instanceof Date);
  assert.equal(cluster.hostUuid, (await hanami.system.hosts())[0]?.uuid);
  assert.deepEqual(
    cluster.bricks.map(({ name, kind, position, neuronsLimit }) => [name, kind, position, neuronsLimit]),
    [
      ["test_input", "input", [1, 1, 1], 2],
      [undefined, "inner", [2, 1, 1], 16],
      ["test_output", "output", [3, 1, 1], 1],
    ],
  );
});

test("a checkpoint goes through a file to another server, and on there", async () => {
  await using server = await Server.start();
  await using other = await Server.start();
  const hanami = await server.connect();
  const elsewhere = await other.connect();
  const cluster = await hanami.clusters.create({ name: "reader", template });
  await hanami.clusters.learn(cluster, [3, 4], [5]);
  const save = await hanami.clusters.save(cluster, "backup");
  await hanami.tasks.wait(save);
  const folder = await mkdtemp(join(tmpdir(), "hanami-sdk-"));
  try {
    const path = join(folder, "backup.hanami");
    await saveFile(path, await hanami.checkpoints.download(save));
    const checkpoint = await elsewhere.checkpoints.upload({ name: "backup", file: await openFile(path) });
    const copy = await elsewhere.clusters.create({ name: "copy", checkpoint });
    assert.deepEqual(
      await elsewhere.clusters.predict(copy, [3, 4]),
      await hanami.clusters.predict(cluster, [3, 4]),
    );
    const broken = elsewhere.checkpoints.upload({ name: "broken", file: "no checkpoint" });
    await assert.rejects(
      broken,
      (error) => error instanceof BadRequestError && error.code === "invalid-checkpoint",
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a download that breaks off leaves no file", async () => {
  await using fake = await Fake.start((_, response) => {
    response.writeHead(200, { "content-length": "100" }).write("only a part");
    setTimeout(() => response.destroy(), 20);
  });
  const folder = await mkdtemp(join(tmpdir(), "hanami-sdk-"));
  try {
    const path = join(folder, "half");
    const download = await Hanami.withToken(fake.address, "t").checkpoints.download("x");
    await assert.rejects(saveFile(path, download));
    assert.ok(!existsSync(path) && !existsSync(`${path}.part`));
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("things get other names, and are shared with the project", async () => {
  await using server = await Server.start();
  const admin = await server.connect();
  await admin.projects.create({ id: "garden", name: "The garden" });
  const log = async (user: string): Promise<Hanami> => {
    const password = "planted in spring";
    await admin.users.create({ id: user, name: user, password });
    await admin.users.assignProject(user, { projectId: "garden", role: "member", isProjectAdmin: false });
    return Hanami.connect(server.address, { user, password });
  };
  const [anna, bert] = [await log("anna"), await log("bert")];
  const cluster = await anna.clusters.create({ name: "reader", template });
  const dataset = await anna.datasets.uploadCsv({
    name: "table",
    table: "test_input,test_output\n1,2\n3,4\n",
  });
  const save = await anna.clusters.save(cluster, "backup");
  await anna.tasks.wait(save);
  await assert.rejects(bert.clusters.get(cluster), NotFoundError);
  const shared = { name: "for all", visibility: "shared" } as const;
  assert.equal((await anna.clusters.update(cluster, shared)).visibility, "shared");
  assert.equal((await anna.datasets.update(dataset, shared)).name, "for all");
  assert.equal((await anna.checkpoints.update(save, { visibility: "shared" })).name, "backup");
  assert.equal((await bert.clusters.get(cluster)).name, "for all");
  assert.equal((await bert.datasets.get(dataset)).name, "for all");
  assert.equal((await bert.checkpoints.get(save)).visibility, "shared");
  await assert.rejects(bert.clusters.update(cluster, { name: "mine" }), NotFoundError);
  await assert.rejects(anna.clusters.create({ name: "for all" }), ConflictError);
});
