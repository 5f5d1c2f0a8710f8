/** What the shared scenarios do not try: iterators, options, and what is peculiar to this SDK. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { type AuditEntry, Hanami, type Task, TaskAbortedError, UnauthorizedError } from "hanami-sdk";

import { Fake, problem } from "./support/fake.js";
import { Server } from "./support/server.js";

const template = `\
version: 1
bricks:
    1,1,1
        input: speed
        number_of_neurons: 2
    2,1,1
        number_of_neurons: 8
    3,1,1
        output: wear
        number_of_neurons: 1
`;

/** A task whose table has `rows` rows. */
async function training(hanami: Hanami, rows: number): Promise<Task> {
  const lines = Array.from({ length: rows }, (_, row) => `${String(row % 10)},${String((row * 3) % 10)}`);
  const table = ["speed,wear", ...lines].join("\n");
  const dataset = await hanami.datasets.uploadCsv({ name: "speeds", table });
  const cluster = await hanami.clusters.create({ name: "wearing", template });
  return hanami.tasks.create({ name: "learn", type: "train", cluster, dataset });
}

test("a task can be watched to its end", async () => {
  await using server = await Server.start();
  const hanami = await server.connect();
  const task = await training(hanami, 1000);
  let last;
  let shares: number[] = [];
  for await (const now of hanami.tasks.watch(task)) {
    last = now;
    shares = [...shares, now.percentageFinished];
  }
  assert.equal(last?.state, "finished");
  assert.equal(last.percentageFinished, 1);
  assert.deepEqual(
    shares,
    [...shares].sort((a, b) => a - b),
  );
  assert.ok(last.startTimestamp instanceof Date && last.endTimestamp instanceof Date);
  assert.ok(Math.abs(last.queueTimestamp.getTime() - Date.now()) < 3_600_000);
});

test("waiting for a task that is stopped fails, and a watch can be left", async () => {
  await using fake = await Fake.start(({ path }, response) => {
    if (path === "/task/events") {
      problem(response, 404, "not-found");
      return undefined;
    }
    return {
      percentage_finished: 0.5,
      state: fake.count("GET", "/task") < 3 ? "active" : "aborted",
      queue_timestamp: "2026-01-02 03:04:05",
      start_timestamp: "2026-01-02 03:04:05",
      end_timestamp: "-",
      samples: 10,
      error: "the dataset is gone",
    };
  });
  const hanami = Hanami.withToken(fake.address, "t");
  const task = { uuid: "t-1", clusterUuid: "c-1" };
  for await (const now of hanami.tasks.watch(task)) {
    assert.equal(now.state, "active");
    assert.equal(now.endTimestamp, undefined);
    break;
  }
  assert.equal(fake.count("GET", "/task"), 1);
  await assert.rejects(hanami.tasks.wait(task), (error) => {
    assert.ok(error instanceof TaskAbortedError);
    assert.match(error.detail, /the dataset is gone/);
    return true;
  });
});

test("a watch ends with its signal", async () => {
  await using server = await Server.start();
  const hanami = await server.connect();
  const task = await training(hanami, 1000);
  const controller = new AbortController();
  const watch = async (): Promise<void> => {
    const looks = hanami.tasks.watch(task, { signal: controller.signal });
    while (!(await looks.next()).done) {
      controller.abort(new Error("enough"));
    }
  };
  // It fails unless the very first look saw the end.
  await watch().catch((error: unknown) => {
    assert.match(String(error), /enough/);
  });
  assert.ok(controller.signal.aborted);
});

test("the audit log is read over the borders of its pages", async () => {
  await using server = await Server.start();
  const hanami = await server.connect();
  for (let count = 0; count < 120; count++) {
    await hanami.switchProject("admin");
  }
  const rows: AuditEntry[] = [];
  for await (const row of hanami.logs.audit({ userId: "admin" })) {
    rows.push(row);
  }
  assert.equal(rows.length, 121);
  assert.deepEqual(
    rows.slice(0, 120).map(({ endpoint, requestType }) => [endpoint, requestType]),
    Array.from({ length: 120 }, () => ["v1/token", "PUT"]),
  );
  assert.ok(rows.every(({ timestamp, userId }) => timestamp instanceof Date && userId === "admin"));
  const errors = await hanami.logs.errorPage(0);
  assert.deepEqual(errors, []);
});

test("what a token is good for can be asked beforehand", async () => {
  await using server = await Server.start();
  const admin = await server.connect();
  await admin.projects.create({ id: "garden", name: "The garden" });
  await admin.users.create({ id: "anna", name: "Anna Green", password: "planted in spring" });
  await admin.users.assignProject("anna", { projectId: "garden", role: "member", isProjectAdmin: false });
  const anna = await Hanami.connect(server.address, {
    user: "anna",
    password: "planted in spring",
    project: "garden",
  });
  assert.equal((await anna.identity()).projectId, "garden");
  const users = { endpoint: "v1/user", method: "POST" } as const;
  assert.equal((await admin.identity({ permission: users })).id, "admin");
  await assert.rejects(anna.identity({ permission: users }), UnauthorizedError);
});

test("readings of the machine are values or nothing", async () => {
  await using server = await Server.start();
  const { system } = await server.connect();
  const info = await system.info();
  assert.ok(info.threads === undefined || info.threads > 0);
  for (const found of [
    await system.threads(),
    await system.speed(),
    await system.power(),
    await system.temperature(),
  ]) {
    assert.ok(found === undefined || Array.isArray(found));
  }
  assert.equal((await system.hosts())[0]?.type, "cpu");
});

test("a template may hold any text", async () => {
  await using server = await Server.start();
  const hanami = await server.connect();
  const commented = template.replace("version: 1", `version: 1    # ${"花 é ".repeat(1000)}`);
  await hanami.clusters.create({ name: "commented", template: commented });
});
