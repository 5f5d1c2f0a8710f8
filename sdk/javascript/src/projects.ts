import type { Session } from "./session.js";
import type { CallOptions } from "./transport.js";

/** A project: what its members make in it is kept apart from other projects. */
export interface Project {
  readonly id: string;
  readonly name: string;
  /** Id of the user who made it. */
  readonly creatorId: string;
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
   * @throws {@link ConflictError} if resources still belong to it; the detail lists them.
   */
  async delete(id: string, options: CallOptions = {}): Promise<void> {
    await this.#session.delete("/project", { id }, options);
  }
}
