/**
 * The bundle in a real browser, against a real server. Hanami sends no CORS headers, so the page
 * comes from a small server that hands everything else on to Hanami: to the browser, all is one
 * origin. CHROMIUM names the browser, `/usr/bin/chromium` unless it is set.
 */

import assert from "node:assert/strict";
import {
  createServer,
  type IncomingMessage,
  request,
  type Server as HttpServer,
  type ServerResponse,
} from "node:http";
import { type AddressInfo, connect } from "node:net";
import { test } from "node:test";

import { chromium } from "playwright-core";

import { bundle } from "../../scripts/bundle.js";
import { admin, Server } from "../support/server.js";

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

/** Serves `/page` and `/sdk.js`, and hands requests and websockets for anything else on. */
async function serve(target: URL): Promise<HttpServer> {
  const code = await bundle();
  const handOn = (incoming: IncomingMessage, response: ServerResponse): void => {
    const { method, headers, url } = incoming;
    const outgoing = request(
      { host: target.hostname, port: target.port, path: url, method, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    outgoing.on("error", () => response.destroy());
    incoming.pipe(outgoing);
  };
  const server = createServer((incoming, response) => {
    if (incoming.url === "/page") {
      response.setHeader("content-type", "text/html").end("<!doctype html><title>Hanami</title>");
    } else if (incoming.url === "/sdk.js") {
      response.setHeader("content-type", "text/javascript").end(code);
    } else {
      handOn(incoming, response);
    }
  });
  server.on("upgrade", (incoming, client) => {
    const upstream = connect(Number(target.port), target.hostname);
    const head = incoming.rawHeaders.map((text, index) => text + (index % 2 === 0 ? ": " : "\r\n")).join("");
    upstream.write(`${String(incoming.method)} ${String(incoming.url)} HTTP/1.1\r\n${head}\r\n`);
    client.pipe(upstream).pipe(client);
    client.on("error", () => upstream.destroy());
    upstream.on("error", () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

/** Runs in the page: all that differs between a browser and Node. */
async function story({
  user,
  password,
  text,
}: {
  user: string;
  password: string;
  text: string;
}): Promise<unknown> {
  const path = "/sdk.js";
  const { Hanami, NotFoundError } = (await import(path)) as typeof import("hanami-sdk");
  const hanami = await Hanami.connect(location.origin, { user, password });
  const rows = Array.from({ length: 60_000 }, (_, row) => `${String(row % 10)},${String((row * 3) % 10)}`);
  const table = new File([["speed,wear", ...rows].join("\n")], "speeds.csv");
  let arrived = 0;
  const onProgress = (now: { arrived: number }): void => {
    arrived = now.arrived;
  };
  const dataset = await hanami.datasets.uploadCsv({ name: "speeds", table }, { onProgress });
  const cluster = await hanami.clusters.create({ name: "wearing", template: text });
  const task = await hanami.tasks.create({ name: "learn", type: "train", cluster, dataset });
  let state = "";
  for await (const now of hanami.tasks.watch(task)) {
    state = now.state;
  }
  await hanami.clusters.setMode(cluster, "DIRECT");
  const direct = await hanami.direct(cluster);
  await direct.train({ speed: [1, 2] }, { wear: [6] });
  const outputs = await direct.request({ speed: [1, 2] });
  await direct.close();
  const missing: unknown = await hanami.clusters.get(dataset).catch((error: unknown) => error);
  const aborted: unknown = await hanami.clusters
    .list({ signal: AbortSignal.abort() })
    .catch((error: unknown) => (error as Error).name);
  return {
    complete: arrived === table.size,
    state,
    outputs: outputs.length,
    missing: missing instanceof NotFoundError && missing.code,
    aborted,
  };
}

test("uploads, tasks, live connections, errors and signals work in a browser", async () => {
  await using hanami = await Server.start();
  const server = await serve(new URL(hanami.address));
  const browser = await chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox"],
  });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}/page`);
    assert.deepEqual(await page.evaluate(story, { ...admin, text: template }), {
      complete: true,
      state: "finished",
      outputs: 1,
      missing: "not-found",
      aborted: "AbortError",
    });
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
});
