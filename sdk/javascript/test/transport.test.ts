import assert from "node:assert/strict";
import { test } from "node:test";

import {
  BadRequestError,
  ConflictError,
  ConnectionError,
  Hanami,
  HanamiError,
  NotFoundError,
  ServerError,
  TimeoutError,
  TooManyError,
  UnauthorizedError,
} from "hanami-sdk";

import { Fake, problem } from "./support/fake.js";

const table = { header: ["uuid", "owner_id"], body: [["u-1", "anna"]] };

test("each status has its class, and carries what the server said", async () => {
  const kinds = [
    [400, "invalid-body", BadRequestError],
    [401, "forbidden", UnauthorizedError],
    [404, "not-found", NotFoundError],
    [409, "conflict", ConflictError],
    [429, "too-many", TooManyError],
    [500, "internal", ServerError],
    [503, "unavailable", ServerError],
  ] as const;
  for (const [status, code, kind] of kinds) {
    await using fake = await Fake.start((_, response) => {
      problem(response, status, code);
    });
    const hanami = Hanami.withToken(fake.address, "t", { retries: 0 });
    const error = await hanami.clusters.get("x").catch((failure: unknown) => failure);
    assert.ok(error instanceof kind && error instanceof HanamiError);
    assert.equal(error.name, kind.name);
    assert.deepEqual(
      [error.status, error.code, error.title, error.detail, error.requestId],
      [status, code, `Title of ${code}`, `detail of ${code}`, "r-17"],
    );
    assert.equal(error.message, `detail of ${code} (status ${String(status)}, request r-17)`);
  }
});

test("an answer of something that is no Hanami is told as it is", async () => {
  await using fake = await Fake.start((_, response) => {
    response.writeHead(502).end("bad gateway\n");
  });
  const hanami = Hanami.withToken(fake.address, "t", { retries: 0 });
  await assert.rejects(hanami.clusters.list(), { name: "ServerError", status: 502, detail: "bad gateway" });
});

test("a success that is not JSON is an error", async () => {
  await using fake = await Fake.start((_, response) => {
    response.end("<html>");
  });
  const hanami = Hanami.withToken(fake.address, "t", { retries: 0 });
  await assert.rejects(hanami.clusters.get("x"), ConnectionError);
});

test("tables become objects with the columns as keys", async () => {
  await using fake = await Fake.start(() => table);
  const hanami = Hanami.withToken(fake.address, "t");
  assert.deepEqual(await hanami.clusters.list(), [{ uuid: "u-1", ownerId: "anna" }]);
});

test("a busy server is asked again after the time it names, whatever the method", async () => {
  for (const [status, code] of [
    [429, "too-many"],
    [503, "unavailable"],
  ] as const) {
    let refusals = 2;
    await using fake = await Fake.start((_, response) => {
      if (refusals === 0) {
        return { id: "garden", name: "Garden", creator_id: "anna" };
      }
      refusals -= 1;
      problem(response, status, code, { "retry-after": "0" });
      return undefined;
    });
    const hanami = Hanami.withToken(fake.address, "t");
    const project = await hanami.projects.create({ id: "garden", name: "Garden" });
    assert.equal(project.creatorId, "anna");
    assert.equal(fake.seen.length, 3);
  }
});

test("samples that may have been learned in part are not sent again", async () => {
  await using fake = await Fake.start((_, response) => {
    problem(response, 503, "unavailable", { "retry-after": "0" });
  });
  const { clusters } = Hanami.withToken(fake.address, "t");
  await assert.rejects(clusters.learn("c", [[1], [2]], [[3], [4]]), ServerError);
  assert.equal(fake.seen.length, 1);
});

test("a server that wants to be left alone for long is not waited for", async () => {
  await using fake = await Fake.start((_, response) => {
    problem(response, 429, "too-many", { "retry-after": "3600" });
  });
  const hanami = Hanami.withToken(fake.address, "t");
  await assert.rejects(hanami.clusters.list(), { name: "TooManyError", retryAfter: 3600 });
  assert.equal(fake.seen.length, 1);
});

test("a connection that breaks is retried for what changes nothing, and for nothing else", async () => {
  await using fake = await Fake.start((_, response) => {
    response.destroy();
  });
  const hanami = Hanami.withToken(fake.address, "t", { retries: 2 });
  await assert.rejects(hanami.clusters.list(), ConnectionError);
  assert.equal(fake.count("GET", "/cluster/all"), 3);
  await assert.rejects(hanami.clusters.create({ name: "digits" }), ConnectionError);
  assert.equal(fake.count("POST", "/cluster"), 1);
});

test("an address where nothing answers is told, after some tries, for every method", async () => {
  const fake = await Fake.start(() => table);
  const { address } = fake;
  await fake[Symbol.asyncDispose]();
  const connecting = Hanami.connect(address, { user: "anna", password: "long enough" }, { retries: 1 });
  await assert.rejects(connecting, (error: unknown) => {
    assert.ok(error instanceof ConnectionError);
    assert.match(error.message, /hanami serve/);
    assert.ok(error.message.includes(address));
    return true;
  });
});

test("an answer that does not come is given up", async () => {
  await using fake = await Fake.start(() => undefined);
  const hanami = Hanami.withToken(fake.address, "t", { timeout: 20 });
  await assert.rejects(hanami.clusters.list(), TimeoutError);
});

test("a body that stops half-way is given up", async () => {
  await using fake = await Fake.start((_, response) => {
    response.write('{"uuid":');
  });
  const hanami = Hanami.withToken(fake.address, "t");
  await assert.rejects(hanami.clusters.get("x", { timeout: 50 }), TimeoutError);
});

test("a signal ends a call with its own reason, on the way and between two tries", async () => {
  await using silent = await Fake.start(() => undefined);
  const reason = new Error("enough");
  const controller = new AbortController();
  const call = Hanami.withToken(silent.address, "t").clusters.list({ signal: controller.signal });
  controller.abort(reason);
  await assert.rejects(call, reason);

  await using busy = await Fake.start((_, response) => {
    problem(response, 503, "unavailable", { "retry-after": "9" });
  });
  const between = new AbortController();
  const other = Hanami.withToken(busy.address, "t").clusters.list({ signal: between.signal });
  while (busy.seen.length === 0) {
    await new Promise(setImmediate);
  }
  between.abort(reason);
  await assert.rejects(other, reason);
  assert.equal(busy.seen.length, 1);
});

test("a signal that is aborted already sends nothing", async () => {
  await using fake = await Fake.start(() => table);
  const hanami = Hanami.withToken(fake.address, "t");
  await assert.rejects(hanami.clusters.list({ signal: AbortSignal.abort() }), { name: "AbortError" });
  assert.equal(fake.seen.length, 0);
});

test("addresses are hosts with the usual port, or URLs", () => {
  const address = (text: string): string => Hanami.withToken(text, "t").address;
  assert.equal(address("garden"), "http://garden:11418");
  assert.equal(address("garden:99"), "http://garden:99");
  assert.equal(address("garden:80"), "http://garden");
  assert.equal(address("[::1]"), "http://[::1]:11418");
  assert.equal(address("[::1]:99"), "http://[::1]:99");
  assert.equal(address("http://garden"), "http://garden");
  assert.equal(address("https://garden/"), "https://garden");
  assert.equal(address("https://garden:8443"), "https://garden:8443");
  for (const wrong of ["", "gar den", "garden/control", "garden:99999", "http://me:secret@garden"]) {
    assert.throws(() => address(wrong), TypeError, wrong);
  }
  assert.throws(
    () => address("http://me:secret@garden"),
    (error: Error) => !error.message.includes("secret"),
  );
});
