import { Address } from "./address.js";
import { Checkpoints } from "./checkpoints.js";
import { Clusters } from "./clusters.js";
import { Datasets } from "./datasets.js";
import { Direct } from "./direct.js";
import { Logs } from "./logs.js";
import { Projects } from "./projects.js";
import { RequestResults } from "./results.js";
import { type Credentials, Session } from "./session.js";
import { System } from "./system.js";
import { Tasks } from "./tasks.js";
import { type CallOptions, type ClientOptions, Transport } from "./transport.js";
import { Users } from "./users.js";
import { type Ref, uuidOf } from "./words.js";

/** Whom a token stands for: a user, in a project. */
export interface Identity {
  /** Id of the user. */
  readonly id: string;
  readonly name: string;
  /** Whether the user is a global admin. */
  readonly isAdmin: boolean;
  readonly projectId: string;
  /** The user's role in the project. */
  readonly role: string;
  readonly isProjectAdmin: boolean;
}

/** Something that a token may or may not be good for. */
export interface Permission {
  /** Such as `v1/user`. */
  readonly endpoint: string;
  readonly method: "DELETE" | "GET" | "HEAD" | "POST" | "PUT";
}

const METHOD_NUMBERS = { DELETE: 1, GET: 2, HEAD: 3, POST: 4, PUT: 5 };

/**
 * A client that is logged in to a Hanami server.
 *
 * Its calls can be made in parallel. A token that has expired is replaced on the way, by logging in
 * once more. Password and token are private fields: no log of this object shows them.
 */
export class Hanami {
  readonly clusters: Clusters;
  readonly tasks: Tasks;
  readonly datasets: Datasets;
  readonly results: RequestResults;
  readonly checkpoints: Checkpoints;
  readonly projects: Projects;
  readonly users: Users;
  readonly logs: Logs;
  readonly system: System;
  readonly #session: Session;

  private constructor(session: Session) {
    this.#session = session;
    this.clusters = new Clusters(session);
    this.tasks = new Tasks(session);
    this.datasets = new Datasets(session);
    this.results = new RequestResults(session);
    this.checkpoints = new Checkpoints(session);
    this.projects = new Projects(session);
    this.users = new Users(session);
    this.logs = new Logs(session);
    this.system = new System(session);
  }

  /**
   * Logs in to the server at `address`: `host`, `host:port`, or a URL such as `https://host`.
   *
   * @throws {@link ConnectionError} if nothing answers there.
   * @throws {@link UnauthorizedError} if user or password are wrong.
   */
  static async connect(
    address: string,
    credentials: Credentials,
    options: ClientOptions & CallOptions = {},
  ): Promise<Hanami> {
    const transport = new Transport(new Address(address), options);
    return new Hanami(await Session.logIn(transport, credentials, options));
  }

  /** A client with a token that was got elsewhere. When it expires, calls fail. */
  static withToken(address: string, token: string, options: ClientOptions = {}): Hanami {
    return new Hanami(Session.withToken(new Transport(new Address(address), options), token));
  }

  /** Where the server is. */
  get address(): string {
    return this.#session.transport.address.toString();
  }

  /** Works in another project from now on. */
  async switchProject(projectId: string, options: CallOptions = {}): Promise<void> {
    await this.#session.switchProject(projectId, options);
  }

  /**
   * Changes one's own password. All other clients of the user have to log in again.
   *
   * @throws {@link UnauthorizedError} if the present password is wrong.
   */
  async changePassword(
    { password, newPassword }: { readonly password: string; readonly newPassword: string },
    options: CallOptions = {},
  ): Promise<void> {
    await this.#session.changePassword(password, newPassword, options);
  }

  /**
   * Who is logged in, in which project, with which role.
   *
   * @throws {@link UnauthorizedError} if a permission is given that the role does not have.
   */
  async identity(options: CallOptions & { readonly permission?: Permission } = {}): Promise<Identity> {
    const { permission } = options;
    const query = permission && {
      endpoint: permission.endpoint,
      http_type: METHOD_NUMBERS[permission.method],
    };
    return this.#session.get<Identity>("/auth", query, options);
  }

  /**
   * Opens a live connection to a cluster, which has to be in direct mode.
   *
   * @throws {@link NotFoundError} if there is no such cluster.
   * @throws {@link WebsocketError} if it is in task mode.
   */
  async direct(cluster: Ref, options: CallOptions = {}): Promise<Direct> {
    const uuid = uuidOf(cluster);
    // A websocket tells why it is refused in words only.
    await this.clusters.get(uuid, options);
    return new Direct(await this.#session.socket("cluster", uuid, options.signal));
  }
}
