import type { Session } from "./session.js";
import type { CallOptions } from "./transport.js";

/** A project: what its members make in it is kept apart from other projects. */
export interface Project {
  readonly id: string;
  readonly name: string;
  /** Id of the user who made it. */
  readonly creatorId: string;
}

/** How much of one thing a project may hold, and how much it holds. */
export interface Allowance {
  readonly limit: number;
  /** More than the limit, if that was lowered or a cluster has grown. */
  readonly used: number;
}

/** What a project may hold, and what it holds. */
export interface Quota {
  /** Id of the project. */
  readonly id: string;
  /**
   * Bytes of datasets, declared sizes while they are uploaded and the file once they are ready, and of
   * request results, those that open tasks will make too.
   */
  readonly datasetBytes: Allowance;
  readonly checkpointBytes: Allowance;
  /** Bytes of the saved networks of clusters. */
  readonly clusterBytes: Allowance;
  /** Number of clusters. */
  readonly clusters: Allowance;
  /** Number of queued and running tasks. */
  readonly openTasks: Allowance;
}

/** The limits of a project; where none is given, the server's default counts. */
export interface Limits {
  readonly datasetBytes?: number | undefined;
  readonly checkpointBytes?: number | undefined;
  readonly clusterBytes?: number | undefined;
  readonly clusters?: number | undefined;
  readonly openTasks?: number | undefined;
}

/** How to delete a user or a project. */
export interface DeleteOptions extends CallOptions {
  /** Whether to delete all that belongs to it, too. */
  readonly force?: boolean | undefined;
}

/** Projects. For global admins: others get an {@link UnauthorizedError}. */
export class Projects {
  readonly #session: Session;

  /** @internal */
  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * Makes a project.
   *
   * @throws {@link ConflictError} if the id is taken.
   */
  async create(project: { id: string; name: string }, options: CallOptions = {}): Promise<Project> {
    const body = { id: project.id, name: project.name };
    return this.#session.post<Project>("/project", body, options);
  }

  /** A project. */
  async get(id: string, options: CallOptions = {}): Promise<Project> {
    return this.#session.get<Project>("/project", { id }, options);
  }

  /** All projects. */
  async list(options: CallOptions = {}): Promise<Project[]> {
    return this.#session.list<Project>("/project/all", {}, options);
  }

  /**
   * Deletes a project.
   *
   * @throws {@link ConflictError} if resources still belong to it (the detail lists them), and it
   * is not deleted by `force`.
   */
  async delete(id: string, { force, ...options }: DeleteOptions = {}): Promise<void> {
    await this.#session.delete("/project", { id, force }, options);
  }

  /** What the project of the token may hold and holds or, for global admins, another one. */
  async quota(id?: string, options: CallOptions = {}): Promise<Quota> {
    return this.#session.get<Quota>("/project/quota", { id }, options);
  }

  /** Sets the limits of a project. What it holds beyond them stays; it gets no more. */
  async setQuota(id: string, limits: Limits, options: CallOptions = {}): Promise<Quota> {
    const body = {
      id,
      dataset_bytes: limits.datasetBytes,
      checkpoint_bytes: limits.checkpointBytes,
      cluster_bytes: limits.clusterBytes,
      clusters: limits.clusters,
      open_tasks: limits.openTasks,
    };
    return this.#session.put<Quota>("/project/quota", body, options);
  }
}
