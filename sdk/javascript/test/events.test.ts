import assert from "node:assert/strict";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { test } from "node:test";

import { Hanami, NotFoundError, ServerError, type TaskProgress } from "hanami-sdk";

import { type ServerEvent, serverEvents } from "../dist/events.js";
import { Fake, problem } from "./support/fake.js";

const task = { uuid: "t-1", clusterUuid: "c-1" };

async function parsed(chunks: readonly (string | Uint8Array)[]): Promise<ServerEvent[]> {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const chunk of chunks) {
        controller.enqueue(typeof chunk === "string" ? encoder.encode(chunk) : chunk);
      }
      controller.close();
    },
  });
  const events: ServerEvent[] = [];
  for await (const event of serverEvents(body, 1000)) {
    events.push(event);
  }
  return events;
}

test("events are read as the standard has them", async () => {
  const text =
    ': a comment\n\nevent: progress\ndata: {"a":1}\n\ndata:one\ndata:  two\nid: 7\n\nevent: empty\n\nevent: end\ndata\n\ndata: cut off';
  const events = [
    { event: "progress", data: '{"a":1}' },
    { event: "message", data: "one\n two" },
    { event: "end", data: "" },
  ];
  assert.deepEqual(await parsed([text]), events);
  assert.deepEqual(await parsed([text.replaceAll("\n", "\r\n")]), events);
  assert.deepEqual(await parsed([text.replaceAll("\n", "\r")]), events);
});

test("events may be cut anywhere on their way", async () => {
  const bytes = new TextEncoder().encode('event: progress\r\ndata: {"name":"花 é"}\r\n\r\n');
  const whole = [{ event: "progress", data: '{"name":"花 é"}' }];
  for (let cut = 0; cut <= bytes.length; cut++) {
    assert.deepEqual(await parsed([bytes.slice(0, cut), bytes.slice(cut)]), whole, String(cut));
  }
});

test("a stream that is silent for too long fails, and is closed", async () => {
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    cancel: () => {
      cancelled = true;
    },
  });
  await assert.rejects(serverEvents(body, 10).next(), /nothing came/);
  assert.ok(cancelled);
});

function now(state: string, share: number): object {
  return {
    percentage_finished: share,
    state,
    queue_timestamp: "2026-01-02 03:04:05",
    start_timestamp: "2026-01-02 03:04:05",
    end_timestamp: state === "finished" ? "2026-01-02 03:04:06" : "-",
    samples: 10,
    total_samples: 20,
    validation: [{ epoch: 1, samples: 5, loss: 0.5 }],
  };
}

function send(response: ServerResponse, event: string, data: unknown): void {
  response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

async function watched(hanami: Hanami): Promise<TaskProgress[]> {
  const seen: TaskProgress[] = [];
  for await (const progress of hanami.tasks.watch(task)) {
    seen.push(progress);
  }
  return seen;
}

test("a task is followed by one request where the server streams", async () => {
  await using fake = await Fake.start((_, response) => {
    send(response, "progress", now("active", 0.5));
    send(response, "end", now("finished", 1));
    response.end();
  });
  const seen = await watched(Hanami.withToken(fake.address, "t"));
  assert.deepEqual(
    seen.map(({ state, percentageFinished, totalSamples }) => [state, percentageFinished, totalSamples]),
    [
      ["active", 0.5, 20],
      ["finished", 1, 20],
    ],
  );
  assert.deepEqual(seen[1]?.endTimestamp, new Date("2026-01-02T03:04:06Z"));
  assert.equal(fake.seen.length, 1);
});

test("a server without streams is asked again and again", async () => {
  await using fake = await Fake.start(({ path }, response) => {
    if (path === "/task/events") {
      problem(response, 404, "not-found");
      return undefined;
    }
    return fake.count("GET", "/task") < 3 ? now("active", 0.9) : now("finished", 1);
  });
  const seen = await watched(Hanami.withToken(fake.address, "t"));
  assert.deepEqual(
    seen.map(({ state }) => state),
    ["active", "active", "finished"],
  );
});

test("a stream that breaks off or just ends is made up for", async () => {
  for (const end of [
    (response: ServerResponse) => response.destroy(),
    (response: ServerResponse) => response.end(),
  ]) {
    await using fake = await Fake.start(({ path }, response) => {
      if (path === "/task") {
        return now("finished", 1);
      }
      send(response, "progress", now("active", 0.5));
      setTimeout(end, 20, response);
      return undefined;
    });
    const seen = await watched(Hanami.withToken(fake.address, "t"));
    assert.deepEqual(
      seen.map(({ state }) => state),
      ["active", "finished"],
    );
  }
});

test("a problem in a stream is an error, and so is a task that is not there", async () => {
  await using fake = await Fake.start((_, response) => {
    send(response, "progress", now("active", 0.5));
    const body = {
      title: "Not available",
      status: 503,
      code: "unavailable",
      detail: "the server is stopping",
    };
    send(response, "problem", body);
    response.end();
  });
  const told = watched(Hanami.withToken(fake.address, "t"));
  await assert.rejects(
    told,
    (error) => error instanceof ServerError && error.detail === "the server is stopping",
  );

  await using empty = await Fake.start((_, response) => {
    problem(response, 404, "not-found");
  });
  await assert.rejects(watched(Hanami.withToken(empty.address, "t")), NotFoundError);
});

test("whoever leaves a watch closes its stream", async () => {
  let closed: Promise<unknown> | undefined;
  await using fake = await Fake.start((_, response) => {
    closed = once(response, "close");
    send(response, "progress", now("active", 0.5));
  });
  for await (const progress of Hanami.withToken(fake.address, "t").tasks.watch(task)) {
    assert.equal(progress.state, "active");
    break;
  }
  assert.ok(closed !== undefined);
  await closed;
});

test("a signal ends a watch that hears nothing", async () => {
  await using fake = await Fake.start((_, response) => {
    send(response, "progress", now("active", 0.5));
  });
  const controller = new AbortController();
  const watch = Hanami.withToken(fake.address, "t").tasks.watch(task, { signal: controller.signal });
  await watch.next();
  const next = watch.next();
  controller.abort(new Error("enough"));
  await assert.rejects(next, /enough/);
});
