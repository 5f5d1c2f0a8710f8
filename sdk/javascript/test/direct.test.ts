import assert from "node:assert/strict";
import { test } from "node:test";

import { ConnectionError, type Direct, Hanami, NotFoundError, WebsocketError } from "hanami-sdk";

import { Fake } from "./support/fake.js";
import { Server } from "./support/server.js";

const template = `\
version: 1
bricks:
    1,1,1
        input: left
        number_of_neurons: 1
    1,2,1
        input: right
        number_of_neurons: 1
    2,1,1
        number_of_neurons: 16
    3,1,1
        output: differ
        number_of_neurons: 1
`;

const samples = [
  [0, 0, 0],
  [0, 1, 1],
  [1, 0, 1],
  [1, 1, 0],
] as const;

async function open(hanami: Hanami): Promise<Direct> {
  const cluster = await hanami.clusters.create({ name: "differ", template });
  await hanami.clusters.setMode(cluster, "DIRECT");
  return hanami.direct(cluster);
}

test("a cluster learns over a live connection", async () => {
  await using server = await Server.start();
  await using direct = await open(await server.connect());
  for (let round = 0; round < 200; round++) {
    for (const [left, right, differ] of samples) {
      await direct.train({ left: [left], right: [right] }, { differ: [differ] });
    }
  }
  for (const [left, right, differ] of samples) {
    const outputs = await direct.request({ left: [left], right: Float32Array.of(right) });
    assert.equal(outputs.length, 1);
    assert.ok(
      Math.abs((outputs[0] ?? NaN) - differ) < 0.4,
      `${String(left)}, ${String(right)}: ${String(outputs[0])}`,
    );
  }
});

test("calls in parallel get their own answers", async () => {
  await using server = await Server.start();
  await using direct = await open(await server.connect());
  for (let round = 0; round < 100; round++) {
    await Promise.all(
      samples.map(([left, right, differ]) =>
        direct.train({ left: [left], right: [right] }, { differ: [differ] }),
      ),
    );
  }
  const ask = ([left, right]: readonly number[]): Promise<Float32Array> =>
    direct.request({ left: [left ?? 0], right: [right ?? 0] });
  const alone: Float32Array[] = [];
  for (const sample of samples) {
    alone.push(await ask(sample));
  }
  assert.notDeepEqual(alone[0], alone[1]);
  assert.deepEqual(await Promise.all(samples.map(ask)), alone);
});

test("a call that is given up takes no other's answer", async () => {
  await using server = await Server.start();
  await using direct = await open(await server.connect());
  const given = { left: [1], right: [0] };
  const controller = new AbortController();
  const first = direct.request(given, { signal: controller.signal });
  const second = direct.request(given);
  controller.abort(new Error("enough"));
  await assert.rejects(first, /enough/);
  assert.deepEqual(await second, await direct.request(given));
});

test("what can't be served ends the connection, and every later call tells why", async () => {
  await using server = await Server.start();
  const direct = await open(await server.connect());
  for (const call of [direct.request({ middle: [1] }), direct.request({ left: [1] })]) {
    await assert.rejects(
      call,
      (error) => error instanceof WebsocketError && error.detail.includes('no brick "middle"'),
    );
  }
  await assert.rejects(direct.train({ left: [1] }, { differ: [1] }), /no brick "middle"/);
  await direct.close();
});

test("a message without bricks is a mistake of the caller, and the connection stays", async () => {
  await using server = await Server.start();
  await using direct = await open(await server.connect());
  await assert.rejects(direct.request({}), TypeError);
  assert.equal((await direct.request({ left: [1] })).length, 1);
});

test("a cluster that is not there or not in direct mode is refused", async () => {
  await using server = await Server.start();
  const hanami = await server.connect();
  await assert.rejects(hanami.direct("00000000-0000-4000-8000-000000000000"), NotFoundError);
  const cluster = await hanami.clusters.create({ name: "tasks", template });
  await assert.rejects(
    hanami.direct(cluster),
    (error) => error instanceof WebsocketError && error.detail.includes("TASK mode"),
  );
});

test("a connection that is closed takes no more calls", async () => {
  await using server = await Server.start();
  const direct = await open(await server.connect());
  await direct.close();
  await assert.rejects(direct.request({ left: [1] }), WebsocketError);
});

test("a websocket that something other than Hanami answers is an error, and no silence", async () => {
  await using fake = await Fake.start(() => ({}));
  await assert.rejects(Hanami.withToken(fake.address, "t").direct("c-1"), ConnectionError);
});
