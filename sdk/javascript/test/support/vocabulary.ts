/** The calls of the scenarios, made with the SDK. */

import { readFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";

import type { Bricks, Direct, Hanami, Membership, Mode, Task } from "hanami-sdk";
import { openFile } from "hanami-sdk/node";

export type Arguments = Record<string, unknown>;

/** Someone who makes calls, and their live connections. */
export class Actor {
  readonly hanami: Hanami;
  readonly lines = new Map<string, Direct>();

  constructor(hanami: Hanami) {
    this.hanami = hanami;
  }

  line(name: string): Direct {
    const line = this.lines.get(name);
    if (line === undefined) {
      throw new Error(`no line ${name} is open`);
    }
    return line;
  }
}

type Texts = Record<string, string>;
type Call = (actor: Actor, given: Arguments) => unknown;

/** A call whose arguments are all texts. */
function texts(call: (hanami: Hanami, given: Required<Texts> & Named) => unknown): Call {
  return ({ hanami }, given) => call(hanami, given as Named);
}

/** The arguments of the calls below, so that a misspelt one is found. */
type Named = Record<
  | "uuid"
  | "id"
  | "name"
  | "project_id"
  | "user_id"
  | "cluster_uuid"
  | "dataset_uuid"
  | "checkpoint_uuid"
  | "result_uuid"
  | "host_uuid"
  | "new_state"
  | "images"
  | "labels"
  | "table",
  string
>;

function task(given: Named): Task {
  return { uuid: given.uuid, clusterUuid: given.cluster_uuid };
}

export const calls: Record<string, Call> = {
  wait: (_, { seconds }) => setTimeout(Number(seconds) * 1000),
  "auth.get": texts((hanami) => hanami.identity()),

  "project.create": texts((hanami, { id, name }) => hanami.projects.create({ id, name })),
  "project.get": texts((hanami, { id }) => hanami.projects.get(id)),
  "project.delete": texts((hanami, { id }) => hanami.projects.delete(id)),
  "project.list": texts((hanami) => hanami.projects.list()),
  "project.switch": texts((hanami, { project_id }) => hanami.switchProject(project_id)),

  "user.create": ({ hanami }, given) => {
    const { id, name, password, is_admin } = given as Named & { password: string; is_admin?: boolean };
    return hanami.users.create({ id, name, password, isAdmin: is_admin });
  },
  "user.get": texts((hanami, { id }) => hanami.users.get(id)),
  "user.delete": texts((hanami, { id }) => hanami.users.delete(id)),
  "user.list": texts((hanami) => hanami.users.list()),
  "user.assign_project": ({ hanami }, given) => {
    const { id, project_id, role, is_project_admin } = given as Named & {
      role: string;
      is_project_admin: boolean;
    };
    const place: Membership = { projectId: project_id, role, isProjectAdmin: is_project_admin };
    return hanami.users.assignProject(id, place);
  },
  "user.remove_project": texts((hanami, { id, project_id }) => hanami.users.unassignProject(id, project_id)),
  "user.projects": texts((hanami, { user_id }) => hanami.users.projects(user_id)),

  "dataset.upload_mnist": texts(async (hanami, { name, images, labels }) => {
    const files = { images: await openFile(images), labels: await openFile(labels) };
    return hanami.datasets.uploadMnist({ name, ...files });
  }),
  "dataset.upload_csv": texts(async (hanami, { name, table }) =>
    hanami.datasets.uploadCsv({ name, table: await openFile(table) }),
  ),
  "dataset.get": texts((hanami, { uuid }) => hanami.datasets.get(uuid)),
  "dataset.delete": texts((hanami, { uuid }) => hanami.datasets.delete(uuid)),
  "dataset.list": texts((hanami) => hanami.datasets.list()),
  "dataset.progress": texts((hanami, { uuid }) => hanami.datasets.progress(uuid)),
  "dataset.check": texts((hanami, { result_uuid: result, dataset_uuid: dataset }) =>
    hanami.datasets.check({ result, dataset }),
  ),

  "cluster.create": texts(async (hanami, given) => {
    const { name, template } = given as Named & { template?: string };
    return hanami.clusters.create({ name, template: template && (await readFile(template, "utf8")) });
  }),
  "cluster.get": texts((hanami, { uuid }) => hanami.clusters.get(uuid)),
  "cluster.delete": texts((hanami, { uuid }) => hanami.clusters.delete(uuid)),
  "cluster.list": texts((hanami) => hanami.clusters.list()),
  "cluster.save": texts((hanami, { name, cluster_uuid }) => hanami.clusters.save(cluster_uuid, name)),
  "cluster.load": texts((hanami, { checkpoint_uuid, cluster_uuid }) =>
    hanami.clusters.load(cluster_uuid, checkpoint_uuid),
  ),
  "cluster.set_mode": texts((hanami, { uuid, new_state }) =>
    hanami.clusters.setMode(uuid, new_state as Mode),
  ),
  "cluster.switch_host": texts((hanami, { cluster_uuid, host_uuid }) =>
    hanami.clusters.switchHost(cluster_uuid, host_uuid),
  ),

  "task.create": texts((hanami, given) => {
    const { name, type, cluster_uuid: cluster, dataset_uuid: dataset } = given as Named & { type: "train" };
    return hanami.tasks.create({ name, type, cluster, dataset });
  }),
  "task.wait": texts((hanami, given) => hanami.tasks.wait(task(given))),
  "task.get": texts((hanami, given) => hanami.tasks.get(task(given))),
  "task.delete": texts((hanami, given) => hanami.tasks.delete(task(given))),
  "task.list": texts(async (hanami, { cluster_uuid }) => {
    const found = await hanami.tasks.list(cluster_uuid);
    // On the wire it is a text.
    return found.map((row) => ({ ...row, percentage: row.percentage.toFixed(6) }));
  }),

  "request_result.get": texts((hanami, { uuid }) => hanami.results.get(uuid)),
  "request_result.delete": texts((hanami, { uuid }) => hanami.results.delete(uuid)),
  "request_result.list": texts((hanami) => hanami.results.list()),
  "checkpoint.get": texts((hanami, { uuid }) => hanami.checkpoints.get(uuid)),
  "checkpoint.delete": texts((hanami, { uuid }) => hanami.checkpoints.delete(uuid)),
  "checkpoint.list": texts((hanami) => hanami.checkpoints.list()),

  "host.list": texts((hanami) => hanami.system.hosts()),
  "audit_log.list": ({ hanami }, { page, user_id }) =>
    hanami.logs.auditPage(page as number, { userId: user_id as string }),
  "error_log.list": ({ hanami }, { page, user_id }) =>
    hanami.logs.errorPage(page as number, { userId: user_id as string }),

  "direct.open": async ({ hanami, lines }, { uuid, line }) => {
    lines.set(line as string, await hanami.direct(uuid as string));
  },
  "direct.train": (actor, { line, inputs, targets }) =>
    actor.line(line as string).train(inputs as Bricks, targets as Bricks),
  "direct.request": async (actor, { line, inputs }) => [
    ...(await actor.line(line as string).request(inputs as Bricks)),
  ],
  "direct.close": (actor, { line }) => actor.line(line as string).close(),
};

/** A result as the wire has it: snake_case, and timestamps as text. */
export function onTheWire(value: unknown): unknown {
  if (value instanceof Date) {
    return value.toISOString().slice(0, 19).replace("T", " ");
  }
  if (Array.isArray(value)) {
    return value.map(onTheWire);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const entries = Object.entries(value).map(([key, inner]) => [snake(key), onTheWire(inner)]);
  return Object.fromEntries(entries);
}

function snake(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
