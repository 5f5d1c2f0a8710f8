import type { Address } from "./address.js";
import { ConnectionError, HanamiError, refusal, TimeoutError } from "./errors.js";
import { pause } from "./pause.js";

/** What every call can be told. */
export interface CallOptions {
  /** Ends the call; it fails with the reason of this signal. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds that one attempt may take; 0 for any. Default: that of the client. */
  readonly timeout?: number | undefined;
}

/** How a client behaves. */
export interface ClientOptions {
  /** Milliseconds that one attempt of a request may take, 0 for any; 60,000 unless set. */
  readonly timeout?: number | undefined;
  /**
   * How often a request is tried again when that is safe; 3 unless set. It is safe when the
   * server was not reached, when it says that it is busy and when to come back, for all `GET`s, and
   * for whatever else comes to the same when it is done twice, such as logging in.
   */
  readonly retries?: number | undefined;
  /** What to make requests with; the global `fetch` unless set. */
  readonly fetch?: typeof fetch | undefined;
}

/** A request, without the token. */
export interface Request {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>> | undefined;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as they are. */
  readonly bytes?: Blob | undefined;
  /** Whether it comes to the same when it is done twice; what a `GET` is anyway. */
  readonly repeatable?: boolean | undefined;
  /** Whether a server that answers 503 may have done a part of it: then it is not sent again. */
  readonly inParts?: boolean | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

const TOKEN_HEADER = "x-auth-token";
const FIRST_PAUSE = 100;
/** A server that wants to be left alone for longer than this is not waited for. */
const LONGEST_PAUSE = 10_000;
/** Node's words for a connection that never was, so that nothing can have been done yet. */
const NEVER_SENT = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"]);

/** Sends requests to one server, again where that is safe. Knows nothing of who is logged in. */
export class Transport {
  readonly address: Address;
  readonly #timeout: number;
  readonly #retries: number;
  readonly #fetch: typeof fetch;

  constructor(address: Address, options: ClientOptions) {
    this.address = address;
    this.#timeout = options.timeout ?? 60_000;
    this.#retries = options.retries ?? 3;
    // Browsers want their fetch to be called as a method of the window.
    this.#fetch = options.fetch ?? ((input, init) => fetch(input, init));
  }

  /** What `read` makes of the answer to a request; fails if the answer is no success. */
  async send<Result>(
    request: Request,
    token: string | undefined,
    options: CallOptions,
    read: (answer: Response) => Result | Promise<Result>,
  ): Promise<Result> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#attempt(request, token, options, read);
      } catch (error) {
        const delay = attempt < this.#retries ? retryDelay(request, error, attempt) : undefined;
        if (delay === undefined) {
          throw error;
        }
        await pause(delay, options.signal);
      }
    }
  }

  /** Asks once. The time is up when `read` is not done by then; what it returns may take longer. */
  async #attempt<Result>(
    request: Request,
    token: string | undefined,
    { signal, timeout = this.#timeout }: CallOptions,
    read: (answer: Response) => Result | Promise<Result>,
  ): Promise<Result> {
    signal?.throwIfAborted();
    const late = new AbortController();
    const timer =
      timeout > 0
        ? setTimeout(() => {
            late.abort();
          }, timeout)
        : undefined;
    try {
      const answer = await this.#fetch(this.#url(request), {
        method: request.method,
        headers: headers(request, token),
        body: request.bytes ?? (request.body === undefined ? null : JSON.stringify(request.body)),
        signal: signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]),
      });
      if (!answer.ok) {
        throw await refusal(answer);
      }
      return await read(answer);
    } catch (error) {
      signal?.throwIfAborted();
      throw this.#explain(error, late.signal.aborted ? timeout : undefined);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The error of a request as this SDK tells it. */
  #explain(cause: unknown, timeout: number | undefined): HanamiError {
    if (cause instanceof HanamiError) {
      return cause;
    }
    const server = this.address.toString();
    if (timeout !== undefined) {
      const detail = `no answer from ${server} within ${String(timeout)} ms`;
      return new TimeoutError({ detail, cause });
    }
    const detail = neverSent(cause)
      ? `can't reach a server at ${server}; is \`hanami serve\` running there?`
      : `the connection to ${server} failed, or it is no Hanami that answers there`;
    return new ConnectionError({ detail, cause });
  }

  #url({ path, query = {} }: Request): URL {
    const url = this.address.endpoint(path);
    for (const [key, value] of Object.entries(query)) {
      if (value !== undefined) {
        url.searchParams.set(key, String(value));
      }
    }
    return url;
  }
}

function headers(request: Request, token: string | undefined): Record<string, string> {
  return {
    ...(request.body === undefined ? {} : { "content-type": "application/json" }),
    ...(token === undefined ? {} : { [TOKEN_HEADER]: token }),
    ...request.headers,
  };
}

/** Milliseconds after which to try again; nothing if that is not safe, or of no use. */
function retryDelay(
  { method, repeatable = method === "GET", inParts = false }: Request,
  error: unknown,
  attempt: number,
): number | undefined {
  const backoff = FIRST_PAUSE * 2 ** attempt * (0.5 + Math.random());
  if (error instanceof ConnectionError) {
    return repeatable || neverSent(error.cause) ? backoff : undefined;
  }
  if (!(error instanceof HanamiError)) {
    return undefined;
  }
  if (error.status === 503 && inParts) {
    return undefined;
  }
  if ((error.status === 429 || error.status === 503) && error.retryAfter !== undefined) {
    const wanted = error.retryAfter * 1000;
    return wanted <= LONGEST_PAUSE ? Math.max(wanted, backoff) : undefined;
  }
  const passing =
    error.status === 429 || error.status === 502 || error.status === 503 || error.status === 504;
  return passing && repeatable ? backoff : undefined;
}

function neverSent(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return (
    typeof cause === "object" &&
    cause !== null &&
    "code" in cause &&
    typeof cause.code === "string" &&
    NEVER_SENT.has(cause.code)
  );
}
