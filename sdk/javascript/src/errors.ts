/** The kinds of errors that a server tells; later servers may know more. */
export type ErrorCode =
  | "invalid-body"
  | "invalid-query"
  | "invalid-template"
  | "invalid-dataset"
  | "invalid-checkpoint"
  | "dataset-mismatch"
  | "limit-exceeded"
  | "invalid-token"
  | "wrong-credentials"
  | "forbidden"
  | "not-found"
  | "conflict"
  | "quota-exceeded"
  | "too-many"
  | "internal"
  | "unavailable"
  | "storage-full"
  // Keeps the known ones in the completions of an editor.
  | (string & {});

/** What is known of an error. */
export interface ErrorFacts {
  /** What is wrong, and how to mend it. */
  readonly detail: string;
  /** The HTTP status, if the server answered. */
  readonly status?: number | undefined;
  /** The kind of error, if it came from a Hanami server. */
  readonly code?: ErrorCode | undefined;
  /** The kind of error in a few words. */
  readonly title?: string | undefined;
  /** Id of the request, to find it in the server's log. */
  readonly requestId?: string | undefined;
  /** Seconds after which it is worth trying again. */
  readonly retryAfter?: number | undefined;
  /** What led to it. */
  readonly cause?: unknown;
}

/**
 * Every error of this SDK: a request that was refused, a connection that failed, a task that was
 * aborted. The subclasses tell which. Only a call whose signal is aborted fails with something
 * else: the reason of that signal.
 */
export class HanamiError extends Error implements ErrorFacts {
  override readonly name: string = "HanamiError";
  readonly detail: string;
  readonly status: number | undefined;
  readonly code: ErrorCode | undefined;
  readonly title: string | undefined;
  readonly requestId: string | undefined;
  readonly retryAfter: number | undefined;

  /** @internal */
  constructor(facts: ErrorFacts) {
    super(message(facts), facts.cause === undefined ? undefined : { cause: facts.cause });
    this.detail = facts.detail;
    this.status = facts.status;
    this.code = facts.code;
    this.title = facts.title;
    this.requestId = facts.requestId;
    this.retryAfter = facts.retryAfter;
  }
}

/** 400: the request is not valid; the detail names the field or the line. */
export class BadRequestError extends HanamiError {
  override readonly name = "BadRequestError";
}

/** 401: not logged in, or not allowed to; the code tells which. */
export class UnauthorizedError extends HanamiError {
  override readonly name = "UnauthorizedError";
}

/** 404: there is no such thing, or this user may not see it. */
export class NotFoundError extends HanamiError {
  override readonly name = "NotFoundError";
}

/** 409: it exists already, is in use, or is in a state that does not allow this. */
export class ConflictError extends HanamiError {
  override readonly name = "ConflictError";
}

/** 429: too much at once, even after the retries. */
export class TooManyError extends HanamiError {
  override readonly name = "TooManyError";
}

/** 500 and above: the fault is the server's, or that of something in between. */
export class ServerError extends HanamiError {
  override readonly name = "ServerError";
}

/** Nothing answers, the connection broke, or what came over it is not what Hanami says. */
export class ConnectionError extends HanamiError {
  override readonly name = "ConnectionError";
}

/** No answer came in time. */
export class TimeoutError extends HanamiError {
  override readonly name = "TimeoutError";
}

/** The server refused or closed a websocket, or did not take a chunk of an upload. */
export class WebsocketError extends HanamiError {
  override readonly name = "WebsocketError";
}

/** The task that was waited for was aborted; the detail says why. */
export class TaskAbortedError extends HanamiError {
  override readonly name = "TaskAbortedError";
}

/** The error in an answer whose status is no success. */
export async function refusal(answer: Response): Promise<HanamiError> {
  const text = await answer.text();
  const seconds = Number(answer.headers.get("retry-after") ?? Number.NaN);
  const retryAfter = Number.isFinite(seconds) ? seconds : undefined;
  const detail = text.trim() || answer.statusText || "no reason given";
  const requestId = answer.headers.get("x-request-id") ?? undefined;
  return problemError(text, { detail, status: answer.status, requestId, retryAfter });
}

/** The error in a problem document; what that does not tell is taken from `known`. */
export function problemError(text: string, known: ErrorFacts): HanamiError {
  const { detail, status, code, title, request_id } = problem(text);
  const facts = {
    ...known,
    detail: detail ?? known.detail,
    status: status ?? known.status,
    code,
    title,
    requestId: request_id ?? known.requestId,
  };
  return new (kind(facts.status ?? 0))(facts);
}

interface Problem {
  detail?: string;
  status?: number;
  code?: string;
  title?: string;
  request_id?: string;
}

/** Reads a problem document; nothing if it came from something that is no Hanami. */
function problem(text: string): Problem {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === "object" && found !== null && "code" in found ? (found as Problem) : {};
  } catch {
    return {};
  }
}

function kind(status: number): typeof HanamiError {
  switch (status) {
    case 400:
      return BadRequestError;
    case 401:
      return UnauthorizedError;
    case 404:
      return NotFoundError;
    case 409:
      return ConflictError;
    case 429:
      return TooManyError;
    default:
      return status >= 500 ? ServerError : HanamiError;
  }
}

function message({ detail, status, requestId }: ErrorFacts): string {
  if (status === undefined) {
    return detail;
  }
  const request = requestId === undefined ? "" : `, request ${requestId}`;
  return `${detail} (status ${String(status)}${request})`;
}
