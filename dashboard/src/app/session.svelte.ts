/**
 * Who is logged in.
 *
 * The token is kept for as long as the tab is open, so that a reload loses nothing. The password is
 * not kept anywhere: when the token ends, so does the session, and the user logs in again.
 */

import { Hanami, type Identity, type Membership } from "hanami-sdk";

import { router } from "./router.svelte.js";
import { endOf } from "./token.js";

const TOKEN_KEY = "hanami.token";
/** When the token ends, in milliseconds by the browser's clock. */
const END_KEY = "hanami.end";

/** A timer's longest wait in milliseconds; longer ones would end at once. */
const LONGEST_WAIT = 2 ** 31 - 1;

class Session {
  #hanami = $state.raw<Hanami | undefined>();
  #identity = $state.raw<Identity | undefined>();
  #projects = $state.raw<readonly Membership[]>([]);
  #expired = $state(false);
  #failure = $state.raw<unknown>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** The client; only for what is shown to who is logged in. */
  get hanami(): Hanami {
    if (this.#hanami === undefined) {
      throw new Error("nobody is logged in");
    }
    return this.#hanami;
  }

  /** Who is logged in; nothing if nobody is, or it is not known yet. */
  get identity(): Identity | undefined {
    return this.#identity;
  }

  /** The projects that the user can switch to. */
  get projects(): readonly Membership[] {
    return this.#projects;
  }

  /** Whether the last session ended because its token did. */
  get expired(): boolean {
    return this.#expired;
  }

  /** Why it could not be found out who is logged in. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Whether there is a token, so that it will be known soon who is logged in. */
  get open(): boolean {
    return this.#hanami !== undefined;
  }

  /** Goes on with the session that the tab had before it was loaded again. */
  async resume(): Promise<void> {
    const token = sessionStorage.getItem(TOKEN_KEY);
    if (token !== null) {
      const end = Number(sessionStorage.getItem(END_KEY) ?? Number.NaN);
      this.#use(token, Number.isFinite(end) ? end : undefined);
      await this.#introduce();
    }
  }

  async logIn(user: string, password: string): Promise<void> {
    // For its log-in only: it would keep the password.
    const once = await Hanami.connect(location.origin, { user, password }, { fetch: this.#watched });
    const identity = await once.identity();
    this.#expired = false;
    await this.#introduce(identity);
  }

  logOut(): void {
    this.#end();
    router.go("/login");
  }

  async switchProject(projectId: string): Promise<void> {
    await this.hanami.switchProject(projectId);
    await this.#introduce();
  }

  /** Gets to know who the token stands for. */
  async #introduce(identity?: Identity): Promise<void> {
    this.#failure = undefined;
    try {
      const [who, projects] = await Promise.all([
        identity ?? this.hanami.identity(),
        this.hanami.users.projects(),
      ]);
      this.#projects = projects;
      this.#identity = who;
    } catch (error) {
      // Without a token the session has ended, which is told elsewhere.
      if (this.open) {
        this.#failure = error;
      }
    }
  }

  #use(token: string, end: number | undefined): void {
    sessionStorage.setItem(TOKEN_KEY, token);
    this.#hanami = Hanami.withToken(location.origin, token, { fetch: this.#watched });
    clearTimeout(this.#timer);
    if (end !== undefined) {
      sessionStorage.setItem(END_KEY, String(end));
      const wait = Math.min(Math.max(end - Date.now(), 0), LONGEST_WAIT);
      this.#timer = setTimeout(() => {
        this.#expire();
      }, wait);
    }
  }

  /** Makes requests, and sees in the answers when there is a new token, or the one there was is over. */
  readonly #watched: typeof fetch = async (input, init) => {
    const answer = await fetch(input, init);
    if (answer.status !== 401 && !givesToken(answer)) {
      return answer;
    }
    const found: unknown = await answer
      .clone()
      .json()
      .catch(() => undefined);
    if (typeof found === "object" && found !== null) {
      if (answer.ok && "token" in found && typeof found.token === "string") {
        this.#use(found.token, endOf(found.token, answer.headers.get("date")));
      } else if ("code" in found && found.code === "invalid-token") {
        this.#expire();
      }
    }
    return answer;
  };

  #expire(): void {
    if (!this.open) {
      return;
    }
    this.#end();
    this.#expired = true;
    const back = new URLSearchParams({ back: location.pathname + location.search });
    router.go(`/login?${back.toString()}`);
  }

  #end(): void {
    clearTimeout(this.#timer);
    sessionStorage.removeItem(TOKEN_KEY);
    sessionStorage.removeItem(END_KEY);
    this.#hanami = undefined;
    this.#identity = undefined;
    this.#projects = [];
  }
}

function givesToken({ ok, url }: Response): boolean {
  return ok && /\/(token|user\/password)$/.test(new URL(url).pathname);
}

export const session = new Session();
