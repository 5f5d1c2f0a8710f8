import type { Session } from "./session.js";
import type { DeleteOptions } from "./projects.js";
import type { CallOptions } from "./transport.js";

/** A user's place in a project. */
export interface Membership {
  readonly projectId: string;
  /** A role that the server's policy knows. */
  readonly role: string;
  readonly isProjectAdmin: boolean;
}

/** A user. */
export interface User {
  readonly id: string;
  readonly name: string;
  /** Whether the user administrates the whole server. */
  readonly isAdmin: boolean;
  /** Id of the user who made this one. */
  readonly creatorId: string;
  /** The projects the user is in, in the order of assignment. */
  readonly projects: readonly Membership[];
}

/** What a new user is to be. */
export interface NewUser {
  /** To log in with; 4 to 256 letters, digits, `_` and `@`. */
  readonly id: string;
  readonly name: string;
  /** 8 to 4096 characters. */
  readonly password: string;
  /** Whether the user administrates the whole server. */
  readonly isAdmin?: boolean | undefined;
}

/** Users. For global admins, but for one's own projects: others get an {@link UnauthorizedError}. */
export class Users {
  readonly #session: Session;

  /** @internal */
  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * Makes a user, who can log in once they are assigned a project; global admins can at once.
   *
   * @throws {@link ConflictError} if the id is taken.
   */
  async create({ id, name, password, isAdmin = false }: NewUser, options: CallOptions = {}): Promise<User> {
    return this.#session.post<User>("/user", { id, name, password, is_admin: isAdmin }, options);
  }

  /** A user. */
  async get(id: string, options: CallOptions = {}): Promise<User> {
    return this.#session.get<User>("/user", { id }, options);
  }

  /** All users. */
  async list(options: CallOptions = {}): Promise<User[]> {
    return this.#session.list<User>("/user/all", {}, options);
  }

  /**
   * Deletes a user. Their tokens and connections end.
   *
   * @throws {@link ConflictError} if they still own resources (the detail lists them) and are not
   * deleted by `force`, or it is oneself or the last admin.
   */
  async delete(id: string, { force, ...options }: DeleteOptions = {}): Promise<void> {
    await this.#session.delete("/user", { id, force }, options);
  }

  /**
   * Changes a user; what is not given stays. A new password, or another `isAdmin`, ends their tokens
   * and connections. For one's own password see {@link Hanami.changePassword}.
   *
   * @throws {@link ConflictError} if that would leave no admin.
   */
  async update(id: string, change: Partial<Omit<NewUser, "id">>, options: CallOptions = {}): Promise<User> {
    const { name, password, isAdmin } = change;
    return this.#session.put<User>("/user", { id, name, password, is_admin: isAdmin }, options);
  }

  /** Puts a user in a project, or changes their role there. */
  async assignProject(id: string, place: Membership, options: CallOptions = {}): Promise<User> {
    const { projectId, role, isProjectAdmin } = place;
    const body = { id, project_id: projectId, role, is_project_admin: isProjectAdmin };
    return this.#session.post<User>("/user/project", body, options);
  }

  /** Takes a user out of a project. What they own there stays. */
  async unassignProject(id: string, projectId: string, options: CallOptions = {}): Promise<User> {
    return this.#session.delete<User>("/user/project", { id, project_id: projectId }, options);
  }

  /** The projects one is in oneself or, for admins, another user is in. */
  async projects(id?: string, options: CallOptions = {}): Promise<readonly Membership[]> {
    const query = { user_id: id };
    const { projects } = await this.#session.get<Pick<User, "projects">>("/user/project", query, options);
    return projects;
  }
}
