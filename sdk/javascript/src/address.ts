const DEFAULT_PORT = 11418;
const API_PREFIX = "/control/v1";

/** Where a server listens. */
export class Address {
  readonly #origin: URL;

  /**
   * Takes `host`, `host:port` (then it is plain HTTP, at port 11418 if none is named), and URLs
   * such as `http://host:port` and `https://host`, whose ports are those of URLs.
   */
  constructor(text: string) {
    const isUrl = /^https?:\/\//i.test(text);
    const url = parse(isUrl ? text : `http://${text}`);
    if (url === undefined || (url.pathname !== "/" && url.pathname !== "") || url.search || url.hash) {
      throw new TypeError(
        `can't use the address "${text}": it is neither host:port nor a URL without a path`,
      );
    }
    if (url.username || url.password) {
      throw new TypeError("can't use the address: user and password are options of their own");
    }
    // A URL forgets the port 80 that was written out.
    if (!isUrl && !/:\d+\/?$/.test(text)) {
      url.port = String(DEFAULT_PORT);
    }
    this.#origin = url;
  }

  /** URL of the endpoint `path`, which begins with a slash. */
  endpoint(path: string): URL {
    return new URL(API_PREFIX + path, this.#origin);
  }

  /** URL of the websocket. */
  websocket(): string {
    return `${this.#origin.protocol === "https:" ? "wss:" : "ws:"}//${this.#origin.host}/`;
  }

  toString(): string {
    return this.#origin.origin;
  }
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
