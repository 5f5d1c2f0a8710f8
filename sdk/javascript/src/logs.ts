import type { Session } from "./session.js";
import type { CallOptions } from "./transport.js";
import { date } from "./words.js";

/** Something that a user has done. */
export interface AuditEntry {
  readonly timestamp: Date;
  readonly userId: string;
  /** What was asked, e.g. `v1/cluster`. */
  readonly endpoint: string;
  /** The method, e.g. `POST`. */
  readonly requestType: string;
  /** The status of the answer. */
  readonly status: number;
}

/** An internal error of the server. */
export interface ErrorEntry {
  readonly timestamp: Date;
  /** Id of the user who asked, or `-` if that is not known. */
  readonly userId: string;
  /** Where it happened: method and path. */
  readonly component: string;
  /** Id of the request. */
  readonly context: string;
  /** What was asked with. */
  readonly inputValues: string;
  /** The cause. */
  readonly message: string;
}

/** Which rows of a log to read. */
export interface LogOptions extends CallOptions {
  /** Only those of this user; for admins. */
  readonly userId?: string | undefined;
}

const ROWS_PER_PAGE = 100;

/** The server's logs, newest rows first. */
export class Logs {
  readonly #session: Session;

  /** @internal */
  constructor(session: Session) {
    this.#session = session;
  }

  /** A page of 100 rows, counted from 0, of what users have changed: oneself, for admins everyone. */
  async auditPage(page: number, options: LogOptions = {}): Promise<AuditEntry[]> {
    const rows = await this.#page<Omit<AuditEntry, "status"> & { status: string }>(
      "/audit_log",
      page,
      options,
    );
    // On the wire all cells are texts.
    return rows.map((row) => ({ ...row, status: Number(row.status) }));
  }

  /**
   * All of what users have changed, page by page on demand. A row comes twice if newer ones push it
   * to the next page meanwhile.
   */
  audit(options: LogOptions = {}): AsyncGenerator<AuditEntry, void, void> {
    return everyRow((page) => this.auditPage(page, options));
  }

  /** A page of 100 rows, counted from 0, of the server's internal errors; for admins. */
  async errorPage(page: number, options: LogOptions = {}): Promise<ErrorEntry[]> {
    return this.#page<ErrorEntry>("/error_log", page, options);
  }

  /** All of the server's internal errors, as {@link Logs.audit}; for admins. */
  errors(options: LogOptions = {}): AsyncGenerator<ErrorEntry, void, void> {
    return everyRow((page) => this.errorPage(page, options));
  }

  async #page<Row>(path: string, page: number, options: LogOptions): Promise<Row[]> {
    const query = { page, user_id: options.userId };
    const found = await this.#session.list<{ timestamp: string }>(path, query, options);
    return found.map((row) => ({ ...row, timestamp: date(row.timestamp) })) as Row[];
  }
}

async function* everyRow<Row>(read: (page: number) => Promise<Row[]>): AsyncGenerator<Row, void, void> {
  for (let page = 0; ; page++) {
    const found = await read(page);
    yield* found;
    if (found.length < ROWS_PER_PAGE) {
      return;
    }
  }
}
