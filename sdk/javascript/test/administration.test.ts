import assert from "node:assert/strict";
import { test } from "node:test";

import { ConflictError, Hanami, NotFoundError, UnauthorizedError } from "hanami-sdk";

import { Server } from "./support/server.js";

const password = "planted in spring";
const newPassword = "harvested in autumn";

async function anna(admin: Hanami): Promise<Hanami> {
  await admin.projects.create({ id: "garden", name: "The garden" });
  await admin.users.create({ id: "anna", name: "Anna Green", password });
  await admin.users.assignProject("anna", { projectId: "garden", role: "member", isProjectAdmin: false });
  return Hanami.connect(admin.address, { user: "anna", password });
}

test("one's own password can be changed, and the client goes on, also when its token has expired", async () => {
  await using server = await Server.start({ HANAMI_TOKEN_LIFETIME_SECONDS: "1" });
  const user = await anna(await server.connect());
  const wrong = user.changePassword({ password: "some other words", newPassword });
  await assert.rejects(
    wrong,
    (error) => error instanceof UnauthorizedError && error.code === "wrong-credentials",
  );
  await user.changePassword({ password, newPassword });
  await assert.rejects(Hanami.connect(server.address, { user: "anna", password }), UnauthorizedError);
  // A token of now outlives that of before.
  const later = await Hanami.connect(server.address, { user: "anna", password: newPassword });
  await new Promise((resolve) => setTimeout(resolve, 2100));
  assert.equal((await user.identity()).id, "anna");
  assert.equal((await later.identity()).id, "anna");
});

test("an admin changes a user", async () => {
  await using server = await Server.start();
  const admin = await server.connect();
  await anna(admin);
  const changed = await admin.users.update("anna", { name: "Anna Bell", password: newPassword });
  assert.deepEqual([changed.name, changed.isAdmin, changed.projects.length], ["Anna Bell", false, 1]);
  await Hanami.connect(server.address, { user: "anna", password: newPassword });
  await assert.rejects(admin.users.update("admin", { isAdmin: false }), ConflictError);
});

test("a project has a quota, which is kept", async () => {
  await using server = await Server.start();
  const admin = await server.connect();
  const user = await anna(admin);
  const set = await admin.projects.setQuota("garden", { clusters: 1 });
  assert.deepEqual(set.clusters, { limit: 1, used: 0 });
  await user.clusters.create({ name: "the first" });
  const second = user.clusters.create({ name: "the second" });
  await assert.rejects(second, (error) => error instanceof ConflictError && error.code === "quota-exceeded");
  const quota = await user.projects.quota();
  assert.deepEqual([quota.id, quota.clusters], ["garden", { limit: 1, used: 1 }]);
  assert.ok(quota.datasetBytes.limit > 0 && quota.openTasks.used === 0);
});

test("users and projects go with all they have, if that is wanted", async () => {
  await using server = await Server.start();
  const admin = await server.connect();
  const user = await anna(admin);
  const cluster = await user.clusters.create({ name: "mine" });
  await assert.rejects(admin.users.delete("anna"), ConflictError);
  await assert.rejects(admin.projects.delete("garden"), ConflictError);
  await admin.users.delete("anna", { force: true });
  await assert.rejects(admin.clusters.get(cluster), NotFoundError);
  await admin.projects.delete("garden", { force: true });
  await assert.rejects(admin.projects.get("garden"), NotFoundError);
});
