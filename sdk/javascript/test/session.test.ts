import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";

import { ConnectionError, Hanami, NotFoundError, UnauthorizedError } from "hanami-sdk";

import { Fake, problem, type Script } from "./support/fake.js";

const credentials = { user: "anna", password: "correct horse battery" };
const table = { header: [], body: [] };

/** Takes only the newest of the tokens it gives, after `expire` none. */
function tokens(): { script: Script; expire: () => void } {
  let newest = 0;
  let expired = false;
  const token = (): unknown => {
    newest += 1;
    expired = false;
    return { token: `token-${String(newest)}` };
  };
  const script: Script = ({ method, path, token: given }, response) => {
    if (path === "/token" && method === "POST") {
      return token();
    }
    if (expired || given !== `token-${String(newest)}`) {
      problem(response, 401, "invalid-token");
      return undefined;
    }
    return path === "/token" ? token() : table;
  };
  return {
    script,
    expire: () => {
      expired = true;
    },
  };
}

test("many calls that meet an expired token share one log-in", async () => {
  const { script, expire } = tokens();
  await using fake = await Fake.start(script);
  const hanami = await Hanami.connect(fake.address, credentials);
  expire();
  await Promise.all(Array.from({ length: 20 }, () => hanami.clusters.list()));
  assert.equal(fake.count("POST", "/token"), 2);
  assert.ok(fake.count("GET", "/cluster/all") > 20);
});

test("a log-in survives a connection that the server closes just when it comes", async () => {
  const { script, expire } = tokens();
  const used = new WeakSet<object>();
  await using fake = await Fake.start((seen, response) => {
    const { socket } = response;
    assert.ok(socket);
    if (used.has(socket)) {
      socket.destroy();
      return undefined;
    }
    used.add(socket);
    return script(seen, response);
  });
  const hanami = await Hanami.connect(fake.address, credentials);
  expire();
  assert.deepEqual(await hanami.clusters.list(), []);
  await hanami.switchProject("garden");
  expire();
  assert.deepEqual(await hanami.clusters.list(), []);
  assert.ok(fake.count("POST", "/token") > 3, "no log-in met a closed connection");
  const writes = fake.count("POST", "/cluster");
  await assert.rejects(hanami.clusters.create({ name: "digits" }), ConnectionError);
  assert.equal(fake.count("POST", "/cluster"), writes + 1);
});

test("a new token is for the project that was switched to", async () => {
  const { script, expire } = tokens();
  await using fake = await Fake.start(script);
  const hanami = await Hanami.connect(fake.address, credentials);
  await hanami.switchProject("garden");
  expire();
  await hanami.clusters.list();
  const switches = fake.seen.filter(({ method }) => method === "PUT");
  assert.deepEqual(
    switches.map(({ body }) => body),
    ['{"project_id":"garden"}', '{"project_id":"garden"}'],
  );
});

test("a caller who gives up does not end the log-in that others wait for", async () => {
  const { script, expire } = tokens();
  let logIn: () => void = () => undefined;
  const mayLogIn = new Promise<void>((resolve) => {
    logIn = resolve;
  });
  let logIns = 0;
  await using fake = await Fake.start(async (seen, response) => {
    if (seen.method === "POST" && ++logIns === 2) {
      await mayLogIn;
    }
    return script(seen, response);
  });
  const hanami = await Hanami.connect(fake.address, credentials);
  expire();
  const controller = new AbortController();
  const impatient = hanami.clusters.list({ signal: controller.signal });
  const patient = hanami.clusters.list();
  while (fake.count("POST", "/token") < 2) {
    await new Promise(setImmediate);
  }
  controller.abort(new Error("enough"));
  await assert.rejects(impatient, /enough/);
  logIn();
  assert.deepEqual(await patient, []);
});

test("a project that is switched to during a log-in stays", async () => {
  let logIn: () => void = () => undefined;
  const mayLogIn = new Promise<void>((resolve) => {
    logIn = resolve;
  });
  let logIns = 0;
  await using fake = await Fake.start(async ({ method, path, body, token }, response) => {
    if (path !== "/token") {
      if (token !== "first") {
        return table;
      }
      problem(response, 401, "invalid-token");
      return undefined;
    }
    if (method === "PUT") {
      return { token: `of ${(JSON.parse(body) as { project_id: string }).project_id}` };
    }
    logIns += 1;
    if (logIns === 2) {
      await mayLogIn;
    }
    return { token: logIns === 1 ? "first" : "of nothing" };
  });
  const hanami = await Hanami.connect(fake.address, credentials);
  const renewing = hanami.clusters.list();
  while (fake.count("POST", "/token") < 2) {
    await new Promise(setImmediate);
  }
  await hanami.switchProject("garden");
  logIn();
  await renewing;
  await hanami.clusters.list();
  assert.equal(fake.seen.at(-1)?.token, "of garden");
});

test("a token that is refused although it is new is an error, not a loop", async () => {
  await using fake = await Fake.start(({ path }, response) => {
    if (path === "/token") {
      return { token: "t" };
    }
    problem(response, 401, "invalid-token");
    return undefined;
  });
  const hanami = await Hanami.connect(fake.address, credentials);
  await assert.rejects(hanami.clusters.list(), UnauthorizedError);
  assert.equal(fake.count("POST", "/token"), 2);
});

test("a client with nothing but a token does not log in", async () => {
  const { script } = tokens();
  await using fake = await Fake.start(script);
  const hanami = Hanami.withToken(fake.address, "old");
  await assert.rejects(hanami.clusters.list(), UnauthorizedError);
  assert.equal(fake.seen.length, 1);
});

test("other errors do not renew the token", async () => {
  await using fake = await Fake.start(({ path }, response) => {
    if (path === "/token") {
      return { token: "t" };
    }
    problem(response, 404, "not-found");
    return undefined;
  });
  const hanami = await Hanami.connect(fake.address, credentials);
  await assert.rejects(hanami.clusters.get("x"), NotFoundError);
  assert.equal(fake.count("POST", "/token"), 1);
});

test("neither password nor token shows when a client is logged", async () => {
  await using fake = await Fake.start(() => ({ token: "secret-token" }));
  const hanami = await Hanami.connect(fake.address, credentials);
  const shown = inspect(hanami, { depth: 10, showHidden: true }) + JSON.stringify(hanami);
  assert.doesNotMatch(shown, /secret-token|correct horse/);
});
