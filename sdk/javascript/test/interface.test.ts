/** Every operation of the server's OpenAPI document has a method, which asks as that document says. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { Hanami } from "hanami-sdk";

import { Fake, type Seen } from "./support/fake.js";
import { repository } from "./support/server.js";

interface Schema {
  $ref?: string;
  oneOf?: Schema[];
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
}

interface Operation {
  parameters?: { name: string; in: string; required?: boolean }[];
  requestBody?: { content: Record<string, { schema?: Schema }> };
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

const document = JSON.parse(readFileSync(join(repository, "docs/openapi.json"), "utf8")) as Document;

/** Every method, called with all that it takes. */
const calls: ((hanami: Hanami) => unknown)[] = [
  (h) => Hanami.connect(h.address, { user: "anna", password: "planted in spring" }),
  (h) => h.switchProject("garden"),
  (h) => h.identity({ permission: { endpoint: "v1/user", method: "PUT" } }),
  (h) => h.changePassword({ password: "planted in spring", newPassword: "harvested in autumn" }),

  (h) => h.clusters.create({ name: "from text", template: "version: 1" }),
  (h) => h.clusters.create({ name: "from another", checkpoint: "x" }),
  (h) => h.clusters.get("c"),
  (h) => h.clusters.list(),
  (h) => h.clusters.update("c", { name: "other", visibility: "shared" }),
  (h) => h.clusters.delete("c"),
  (h) => h.clusters.predict("c", [1]),
  (h) => h.clusters.explain("c", [1], { output: "wear", index: 0 }),
  (h) => h.clusters.checkTemplate("version: 1"),
  (h) => h.clusters.learn("c", { speed: [1] }, { wear: [2] }),
  (h) => h.clusters.setMode("c", "DIRECT"),
  (h) => h.clusters.save("c", "before"),
  (h) => h.clusters.load("c", "x"),
  (h) => h.clusters.switchHost("c", "h"),

  (h) =>
    h.tasks.create({
      name: "learn",
      type: "train",
      cluster: "c",
      dataset: "d",
      epochs: 2,
      shuffle: true,
      seed: 1,
      validationShare: 0.1,
      mapping: { type: "row", inputs: { a: ["b"] }, outputs: { c: ["d"] } },
      fullOutputs: true,
    }),
  (h) => h.tasks.get({ uuid: "t", clusterUuid: "c" }),
  (h) => h.tasks.list("c"),
  (h) => h.tasks.delete({ uuid: "t", clusterUuid: "c" }),
  (h) => h.tasks.watch({ uuid: "t", clusterUuid: "c" }).next(),

  (h) => h.datasets.uploadMnist({ name: "digits", images: "i", labels: "l" }),
  (h) => h.datasets.uploadCsv({ name: "table", table: "t" }),
  (h) => h.datasets.resume("d", { images: "i", labels: "l" }),
  (h) => h.datasets.resume("table", { table: "t" }),
  (h) => h.datasets.get("d"),
  (h) => h.datasets.list(),
  (h) => h.datasets.progress("d"),
  (h) => h.datasets.preview("d", { from: 1, count: 2 }),
  (h) => h.datasets.columns("d"),
  (h) => h.datasets.download("d", { part: "label" }),
  (h) => h.datasets.update("d", { name: "other", visibility: "public" }),
  (h) => h.datasets.check({ result: "r", dataset: "d" }),
  (h) => h.datasets.delete("d"),

  (h) => h.results.get("r"),
  (h) => h.results.list(),
  (h) => h.results.outputs("r", { from: 1, count: 2 }),
  (h) => h.results.download("r"),
  (h) => h.results.update("r", { name: "other", visibility: "private" }),
  (h) => h.results.delete("r"),

  (h) => h.checkpoints.get("x"),
  (h) => h.checkpoints.list(),
  (h) => h.checkpoints.download("x"),
  (h) => h.checkpoints.upload({ name: "backup", file: "bytes" }),
  (h) => h.checkpoints.update("x", { name: "other", visibility: "shared" }),
  (h) => h.checkpoints.delete("x"),

  (h) => h.projects.create({ id: "garden", name: "The garden" }),
  (h) => h.projects.get("garden"),
  (h) => h.projects.list(),
  (h) => h.projects.delete("garden", { force: true }),
  (h) => h.projects.quota("garden"),
  (h) =>
    h.projects.setQuota("garden", {
      datasetBytes: 1,
      checkpointBytes: 2,
      clusterBytes: 3,
      clusters: 4,
      openTasks: 5,
    }),

  (h) => h.users.create({ id: "anna", name: "Anna", password: "planted in spring", isAdmin: true }),
  (h) => h.users.get("anna"),
  (h) => h.users.list(),
  (h) => h.users.update("anna", { name: "Bell", password: "harvested in autumn", isAdmin: false }),
  (h) => h.users.delete("anna", { force: true }),
  (h) => h.users.assignProject("anna", { projectId: "garden", role: "member", isProjectAdmin: false }),
  (h) => h.users.unassignProject("anna", "garden"),
  (h) => h.users.projects("anna"),

  (h) => h.logs.auditPage(0, { userId: "anna" }),
  (h) => h.logs.errorPage(0, { userId: "anna" }),

  (h) => h.system.hosts(),
  (h) => h.system.info(),
  (h) => h.system.threads(),
  (h) => h.system.speed(),
  (h) => h.system.power(),
  (h) => h.system.temperature(),
];

/** Fields of bodies that none of our methods sends: they serve other clients. */
const LEFT_OUT = new Set(["connection_uuid", "token"]);

let seen: readonly Seen[];

before(async () => {
  const file = { uuid: "f", part: "input", size: 1, missing: [[0, 1]] };
  const label = { ...file, uuid: "g", part: "label" };
  await using fake = await Fake.start(({ method, path, query }) => {
    if (path === "/dataset/file") {
      return { ...file, part: query.get("uuid") === "f" ? "input" : "label", received: 1, missing: [] };
    }
    const files = query.get("uuid") === "table" ? [file] : [file, label];
    const uuids = { uuid: "d", uuid_input_file: "f", uuid_label_file: "g" };
    const kind = path.split("/")[1];
    const type = method === "POST" && (kind === "csv" || kind === "mnist") ? { type: kind } : {};
    return {
      ...uuids,
      ...type,
      token: "t",
      header: [],
      body: [],
      files,
      outputs: {},
      projects: [],
    };
  });
  const hanami = Hanami.withToken(fake.address, "t", { retries: 0 });
  for (const call of calls) {
    // What it makes of the fake's answer does not matter here.
    await Promise.resolve(call(hanami)).catch(() => undefined);
  }
  seen = [...fake.seen];
});

after(() => {
  assert.ok(seen.length >= calls.length);
});

for (const [path, methods] of Object.entries(document.paths)) {
  // Outside of the interface there are only pages for people and for monitoring.
  if (!path.startsWith("/control/v1/")) continue;
  for (const [method, operation] of Object.entries(methods)) {
    const named = `${method.toUpperCase()} ${path.replace("/control/v1", "")}`;
    test(`${named} is asked for as it is described`, () => {
      const found = seen.filter((request) => `${request.method} ${request.path}` === named);
      assert.ok(found.length > 0, "no method asks for it");
      const parameters = (operation.parameters ?? []).filter((parameter) => parameter.in === "query");
      assertFields(
        found.map(({ query }) => [...query.keys()]),
        parameters.map(({ name }) => name),
        parameters.filter(({ required }) => required).map(({ name }) => name),
      );
      const schema = operation.requestBody?.content["application/json"]?.schema;
      if (schema !== undefined) {
        const { all, required } = fields(schema);
        assertFields(
          found.map(({ body }) => Object.keys(JSON.parse(body) as object)),
          all,
          required,
        );
      }
    });
  }
}

test("nothing is asked for that is not described", () => {
  for (const { method, path } of seen) {
    const described = document.paths[`/control/v1${path}`]?.[method.toLowerCase()];
    // The websocket is at `/`.
    assert.ok(described !== undefined || path === "/", `${method} ${path}`);
  }
});

/** Every request sends what is required and nothing unknown; all that is known is sent by some. */
function assertFields(sent: string[][], all: string[], required: string[]): void {
  for (const names of sent) {
    assert.deepEqual(
      names.filter((name) => !all.includes(name)),
      [],
      "not in the document",
    );
    assert.deepEqual(
      required.filter((name) => !names.includes(name)),
      [],
      "required",
    );
  }
  assert.deepEqual(
    all.filter((name) => !sent.some((names) => names.includes(name)) && !LEFT_OUT.has(name)),
    [],
    "never sent",
  );
}

/** The fields of an object; of a choice between several, all fields, of which none is required. */
function fields(schema: Schema): { all: string[]; required: string[] } {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split("/").at(-1) ?? "";
    return fields(document.components.schemas[name] ?? {});
  }
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices !== undefined) {
    return { all: [...new Set(choices.flatMap((choice) => fields(choice).all))], required: [] };
  }
  return { all: Object.keys(schema.properties ?? {}), required: schema.required ?? [] };
}
