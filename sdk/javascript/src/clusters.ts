import type { Session } from "./session.js";
import type { NamedTask, Task } from "./tasks.js";
import { plain, type Sample, type Samples } from "./samples.js";
import type { TemplateCheck } from "./templates.js";
import type { CallOptions, Request } from "./transport.js";
import { dateIfReached, type Ref, uuidOf } from "./words.js";

/** Who may see a resource besides its owner, its project's admins and the global admins. */
export type Visibility = "private" | "shared" | "public";

/** What clusters, checkpoints and request results have in common, and the rows of their lists. */
export interface Entry {
  readonly uuid: string;
  readonly name: string;
  /** Id of the user who made it. */
  readonly ownerId: string;
  /** Id of the project it belongs to. */
  readonly projectId: string;
  /** Who else may see it. */
  readonly visibility: Visibility;
}

/** Whether a cluster works through its task queue or answers live connections. */
export type Mode = "TASK" | "DIRECT";

/** What a network is made of. */
export interface NetworkSize {
  /** Training steps taken. */
  readonly steps: number;
  /** Neurons in use. */
  readonly neurons: number;
  /** Sections grown. */
  readonly sections: number;
  /** Synapses grown. */
  readonly synapses: number;
  /** Memory held, in bytes. */
  readonly bytes: number;
}

/** One brick of a cluster. */
export interface Brick {
  /** Name of an input or output brick. */
  readonly name?: string;
  readonly kind: "input" | "inner" | "output";
  /** Where it lies in the grid. */
  readonly position: readonly [x: number, y: number, z: number];
  /** Neurons that it may have. */
  readonly neuronsLimit: number;
  /** Neurons in use. */
  readonly neurons: number;
  /** Sections that lead to them. */
  readonly sections: number;
  /** Synapses of these sections. */
  readonly synapses: number;
  /** Memory held for them, in bytes; not counted for input bricks. */
  readonly bytes?: number;
  /**
   * Share of its neurons that fire, over about the last 1000 samples taught; of an input brick, the
   * share of values that make signals. Absent until something is taught after a start of the server.
   */
  readonly activity?: number;
  /**
   * How wrong its neurons are on average, over about the last 1000 samples taught: how far the
   * answers of an output brick are from what was expected, or the size of an inner brick's gradients.
   * Absent for inputs, and until something is taught after a start of the server.
   */
  readonly error?: number;
}

/** A cluster and what has grown in it. */
export interface Cluster extends Entry {
  readonly mode: Mode;
  /** Queued and running tasks. */
  readonly openTasks: number;
  /** What the network is made of at present; absent for an empty cluster. */
  readonly network?: NetworkSize;
  /** The text of its template; absent for an empty cluster. */
  readonly template?: string;
  /** Its bricks in the order of the template; none for an empty cluster. */
  readonly bricks: readonly Brick[];
  /** The host that it computes on. */
  readonly hostUuid: string;
  readonly createTimestamp: Date | undefined;
  /** When it last learned or answered; absent if it never did. */
  readonly lastUsedTimestamp: Date | undefined;
}

/** What to change of a cluster, a dataset, a checkpoint or a request result: one or both. */
export interface Change {
  readonly name?: string | undefined;
  readonly visibility?: Visibility | undefined;
}

/** What a new cluster is to be. */
export interface NewCluster {
  /** Unique among what the user sees; 4 to 256 letters, digits, `_` and spaces. */
  readonly name: string;
  /** The text of its template; without it and a checkpoint, it is empty. */
  readonly template?: string | undefined;
  /** In place of a template: the checkpoint whose network and template it gets. */
  readonly checkpoint?: Ref | undefined;
}

/**
 * Where one value of an answer comes from. All contributions and the rest make up the sum, but for
 * rounding.
 */
export interface Explanation {
  /** The answer, as a prediction gives it. */
  readonly answer: number;
  /**
   * What the answer was made of: for a chance it is `1 / (1 + exp(-sum))`, for a number the sum counts
   * deviations from the mean.
   */
  readonly sum: number;
  /** The part of the sum that comes from no input. */
  readonly rest: number;
  /** For each input brick what each of its values added to the sum. */
  readonly contributions: Readonly<Record<string, readonly number[]>>;
}

/** Clusters: networks, each with its template and its queue of tasks. */
export class Clusters {
  readonly #session: Session;

  /** @internal */
  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * Makes a cluster.
   *
   * @throws {@link BadRequestError} if the template can't be read; the detail shows where.
   * @throws {@link ConflictError} if the name is taken.
   */
  async create({ name, template, checkpoint }: NewCluster, options: CallOptions = {}): Promise<Entry> {
    const body = {
      name,
      template: template === undefined ? undefined : base64(template),
      checkpoint_uuid: checkpoint === undefined ? undefined : uuidOf(checkpoint),
    };
    return this.#session.post<Entry>("/cluster", body, options);
  }

  /** A cluster and what has grown in it. */
  async get(cluster: Ref, options: CallOptions = {}): Promise<Cluster> {
    const found = await this.#session.get<ClusterOnWire>("/cluster", { uuid: uuidOf(cluster) }, options);
    const { createTimestamp, lastUsedTimestamp } = found;
    return {
      ...found,
      createTimestamp: dateIfReached(createTimestamp),
      lastUsedTimestamp: dateIfReached(lastUsedTimestamp),
    };
  }

  /** All clusters that the user may see. */
  async list(options: CallOptions = {}): Promise<Entry[]> {
    return this.#session.list<Entry>("/cluster/all", {}, options);
  }

  /**
   * Changes the name or the visibility of a cluster.
   *
   * @throws {@link ConflictError} if the name is taken.
   */
  async update(cluster: Ref, change: Change, options: CallOptions = {}): Promise<Entry> {
    return this.#session.put<Entry>("/cluster", { uuid: uuidOf(cluster), ...change }, options);
  }

  /** Deletes a cluster and its tasks. */
  async delete(cluster: Ref, options: CallOptions = {}): Promise<void> {
    await this.#session.delete("/cluster", { uuid: uuidOf(cluster) }, options);
  }

  /** What a cluster says to a sample: the values of its output bricks. It learns nothing from it. */
  async predict(
    cluster: Ref,
    inputs: Samples<Sample>,
    options?: CallOptions,
  ): Promise<Record<string, number[]>>;
  /** What a cluster says to a list of samples. */
  async predict(
    cluster: Ref,
    inputs: Samples<readonly Sample[]>,
    options?: CallOptions,
  ): Promise<Record<string, number[][]>>;
  async predict(
    cluster: Ref,
    inputs: Samples<Sample | readonly Sample[]>,
    options: CallOptions = {},
  ): Promise<Record<string, unknown>> {
    const body = { uuid: uuidOf(cluster), inputs: plain(inputs) };
    const request: Request = { method: "POST", path: "/cluster/predict", body, repeatable: true };
    // As it is: the keys are the names of bricks.
    const read = (answer: Response): Promise<Predicted> => answer.json() as Promise<Predicted>;
    return (await this.#session.send(request, options, read)).outputs;
  }

  /**
   * What each input of one sample contributed to the value `index` of what an output brick answers; the
   * brick may be left out where there is only one. That is an exact account of what was computed; not
   * what would be answered to other inputs, and not what causes what.
   *
   * @throws {@link BadRequestError} if values do not fit, or there is no such value of the answer.
   */
  async explain(
    cluster: Ref,
    inputs: Samples<Sample>,
    { output, index }: { readonly output?: string | undefined; readonly index: number },
    options: CallOptions = {},
  ): Promise<Explanation> {
    const body = { uuid: uuidOf(cluster), inputs: plain(inputs), output, index };
    const request: Request = { method: "POST", path: "/cluster/explain", body, repeatable: true };
    // As it is: the keys are the names of bricks.
    const read = (answer: Response): Promise<Explanation> => answer.json() as Promise<Explanation>;
    return this.#session.send(request, options, read);
  }

  /** What the text of a template comes to. Makes nothing; a mistake in it is part of the answer. */
  async checkTemplate(template: string, options: CallOptions = {}): Promise<TemplateCheck> {
    const body = { template: base64(template) };
    const request: Request = { method: "POST", path: "/template/check", body, repeatable: true };
    return this.#session.json<TemplateCheck>(request, options);
  }

  /**
   * Lets a cluster learn that these inputs mean these outputs, for one sample or a list of samples.
   * Resolves when that is durable. If it fails with status 503, a part of a list may have been
   * learned.
   *
   * @throws {@link BadRequestError} if values do not fit; nothing was learned then.
   */
  async learn(
    cluster: Ref,
    inputs: Samples<Sample | readonly Sample[]>,
    outputs: Samples<Sample | readonly Sample[]>,
    options: CallOptions = {},
  ): Promise<{ steps: number }> {
    const body = { uuid: uuidOf(cluster), inputs: plain(inputs), outputs: plain(outputs) };
    const request: Request = { method: "POST", path: "/cluster/learn", body, inParts: true };
    return this.#session.json(request, options);
  }

  /**
   * Lets a cluster work through its tasks, or answer live connections.
   *
   * @throws {@link ConflictError} while its task queue is not empty.
   */
  async setMode(
    cluster: Ref,
    mode: Mode,
    options: CallOptions = {},
  ): Promise<{ uuid: string; name: string; newState: Mode }> {
    const body = { uuid: uuidOf(cluster), new_state: mode };
    return this.#session.put("/cluster/set_mode", body, options);
  }

  /**
   * Queues a task that saves a cluster. Once that is finished there is a checkpoint with its uuid.
   *
   * @throws {@link ConflictError} if the cluster is empty or in direct mode.
   */
  async save(cluster: Ref, name: string, options: CallOptions = {}): Promise<NamedTask> {
    const clusterUuid = uuidOf(cluster);
    const body = { name, cluster_uuid: clusterUuid };
    const queued = await this.#session.post<{ uuid: string; name: string }>("/cluster/save", body, options);
    return { ...queued, clusterUuid };
  }

  /**
   * Queues a task that gives a cluster the network and the template of a checkpoint. The checkpoint
   * may be deleted right after.
   *
   * @throws {@link ConflictError} if the cluster is in direct mode.
   */
  async load(cluster: Ref, checkpoint: Ref, options: CallOptions = {}): Promise<Task> {
    const clusterUuid = uuidOf(cluster);
    const body = { checkpoint_uuid: uuidOf(checkpoint), cluster_uuid: clusterUuid };
    const queued = await this.#session.post<{ uuid: string }>("/cluster/load", body, options);
    return { ...queued, clusterUuid };
  }

  /** Moves a cluster to another host. */
  async switchHost(cluster: Ref, host: Ref, options: CallOptions = {}): Promise<Entry> {
    const body = { cluster_uuid: uuidOf(cluster), host_uuid: uuidOf(host) };
    return this.#session.put<Entry>("/cluster/switch_host", body, options);
  }
}

type ClusterOnWire = Omit<Cluster, "createTimestamp" | "lastUsedTimestamp"> & {
  createTimestamp: string;
  lastUsedTimestamp: string;
};

interface Predicted {
  outputs: Record<string, unknown>;
}

/** Base64 of the UTF-8 of a text. */
function base64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
