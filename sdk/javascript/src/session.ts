import { HanamiError, WebsocketError } from "./errors.js";
import { unlessAborted } from "./pause.js";
import { type Purpose, Socket } from "./socket.js";
import type { CallOptions, Request, Transport } from "./transport.js";
import { camelCase, type Json, rows, type Table } from "./words.js";

/** Who logs in. */
export interface Credentials {
  /** Id of the user. */
  readonly user: string;
  /** Their password. The client keeps it, to log in again when the token has expired. */
  readonly password: string;
  /** The project to work in; the user's first unless set. */
  readonly project?: string | undefined;
}

interface Token {
  token: string;
}

/**
 * Who is logged in, where, and the requests made with the token that says so.
 *
 * A token that the server no longer takes is replaced by logging in once more. However many calls
 * meet the old token at the same time, there is one log-in: they all wait for `#renewal`. It
 * belongs to none of them, so none of their signals ends it.
 */
export class Session {
  readonly transport: Transport;
  #credentials: Credentials | undefined;
  #project: string | undefined;
  #token: string;
  #renewal: Promise<string> | undefined;

  private constructor(transport: Transport, token: string, credentials?: Credentials) {
    this.transport = transport;
    this.#token = token;
    this.#credentials = credentials;
    this.#project = credentials?.project;
  }

  static async logIn(transport: Transport, credentials: Credentials, options: CallOptions): Promise<Session> {
    const token = await logIn(transport, credentials, credentials.project, options);
    return new Session(transport, token, credentials);
  }

  static withToken(transport: Transport, token: string): Session {
    return new Session(transport, token);
  }

  async switchProject(project: string, options: CallOptions): Promise<void> {
    const body = { project_id: project };
    const request: Request = { method: "PUT", path: "/token", body, repeatable: true };
    const answer = await this.send(request, options, (found) => found.json() as Promise<Token>);
    this.#token = answer.token;
    this.#project = project;
  }

  async get<Answer>(path: string, query: Request["query"], options: CallOptions): Promise<Answer> {
    return this.json<Answer>({ method: "GET", path, query }, options);
  }

  /** All rows of a listing. */
  async list<Row>(path: string, query: Request["query"], options: CallOptions): Promise<Row[]> {
    const request: Request = { method: "GET", path, query };
    const table = await this.send(request, options, (answer) => answer.json() as Promise<Table>);
    return rows(table) as Row[];
  }

  async post<Answer>(path: string, body: unknown, options: CallOptions): Promise<Answer> {
    return this.json<Answer>({ method: "POST", path, body }, options);
  }

  async put<Answer>(path: string, body: unknown, options: CallOptions): Promise<Answer> {
    return this.json<Answer>({ method: "PUT", path, body }, options);
  }

  async delete<Answer = unknown>(
    path: string,
    query: Request["query"],
    options: CallOptions,
  ): Promise<Answer> {
    return this.json<Answer>({ method: "DELETE", path, query }, options);
  }

  /** What `read` makes of the answer to a request that is made with a valid token. */
  async send<Result>(
    request: Request,
    options: CallOptions,
    read: (answer: Response) => Result | Promise<Result>,
  ): Promise<Result> {
    const token = this.#token;
    try {
      return await this.transport.send(request, token, options, read);
    } catch (error) {
      if (!(error instanceof HanamiError) || error.code !== "invalid-token" || !this.#credentials) {
        throw error;
      }
      const fresh = await unlessAborted(options.signal, this.#inPlaceOf(token, this.#credentials));
      return this.transport.send(request, fresh, options, read);
    }
  }

  /** The answer to a request, its body still on the way: for files and streams. */
  async open(path: string, query: Request["query"], options: CallOptions): Promise<Response> {
    return this.send({ method: "GET", path, query }, options, (answer) => answer);
  }

  /** Changes one's password; the token that comes with it takes the place of the one before. */
  async changePassword(password: string, newPassword: string, options: CallOptions): Promise<void> {
    const body = { password, new_password: newPassword };
    const request: Request = { method: "PUT", path: "/user/password", body };
    const answer = await this.send(request, options, (found) => found.json() as Promise<Token>);
    this.#token = answer.token;
    this.#credentials &&= { ...this.#credentials, password: newPassword };
  }

  /** A websocket for `target`, opened with a valid token. */
  async socket(target: Purpose["target"], uuid: string, signal?: AbortSignal): Promise<Socket> {
    const { address } = this.transport;
    const token = this.#token;
    try {
      return await Socket.open(address, { token, target, uuid }, signal);
    } catch (error) {
      if (!(error instanceof WebsocketError)) {
        throw error;
      }
      // A websocket does not tell an expired token from other refusals; a request replaces it.
      await this.get("/auth", {}, { signal });
      if (this.#token === token) {
        throw error;
      }
      return Socket.open(address, { token: this.#token, target, uuid }, signal);
    }
  }

  /** The answer to a request, with its keys in camelCase. */
  async json<Answer>(request: Request, options: CallOptions): Promise<Answer> {
    const answer = await this.send(request, options, (found) => found.json() as Promise<Json>);
    return camelCase(answer) as Answer;
  }

  /** A token in place of the `expired` one, unless another call got one meanwhile. */
  async #inPlaceOf(expired: string, credentials: Credentials): Promise<string> {
    if (this.#token !== expired) {
      return this.#token;
    }
    this.#renewal ??= this.#renew(credentials).finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async #renew(credentials: Credentials): Promise<string> {
    for (;;) {
      const project = this.#project;
      const token = await logIn(this.transport, credentials, project, {});
      // Who switched the project meanwhile must not find themselves in the one before.
      if (this.#project === project) {
        this.#token = token;
        return token;
      }
    }
  }
}

async function logIn(
  transport: Transport,
  { user, password }: Credentials,
  project: string | undefined,
  options: CallOptions,
): Promise<string> {
  const read = (answer: Response): Promise<Token> => answer.json() as Promise<Token>;
  const asking = { path: "/token", repeatable: true } as const;
  const first: Request = { ...asking, method: "POST", body: { id: user, password } };
  const { token } = await transport.send(first, undefined, options, read);
  if (project === undefined) {
    return token;
  }
  const second: Request = { ...asking, method: "PUT", body: { project_id: project } };
  return (await transport.send(second, token, options, read)).token;
}
