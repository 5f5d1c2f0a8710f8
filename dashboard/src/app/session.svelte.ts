/**
 * Who is logged in.
 *
 * The token is kept for as long as the tab is open, so that a reload loses nothing. The password is
 * not kept anywhere: when the token ends, so does the session, and the user logs in again.
 */

import { Hanami, type Identity, type Membership } from "hanami-sdk";

import { takeOver } from "./owner.js";
import { router } from "./router.svelte.js";
import { toasts } from "./toasts.svelte.js";
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
  #token: string | undefined;
  /** Counts the sessions that ended: what began in one of them must not change the next one. */
  #ended = 0;

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
      try {
        await this.#introduce();
      } catch (error) {
        this.#failure = error;
      }
    }
  }

  async logIn(user: string, password: string): Promise<void> {
    const ended = this.#ended;
    try {
      // For its log-in only: it would keep the password.
      const once = await Hanami.connect(location.origin, { user, password }, { fetch: this.#watched });
      const identity = await once.identity();
      if (ended !== this.#ended) {
        return;
      }
      if (takeOver(identity.id, [TOKEN_KEY, END_KEY])) {
        toasts.clear();
      }
      this.#expired = false;
      await this.#introduce(identity);
    } catch (error) {
      // There may be a token already, but nobody knows whose.
      this.#end();
      throw error;
    }
  }

  logOut(): void {
    this.#end();
    router.go("/login");
  }

  async switchProject(projectId: string): Promise<void> {
    const ended = this.#ended;
    await this.hanami.switchProject(projectId);
    if (ended === this.#ended) {
      await this.#introduce();
    }
  }

  /** Gets to know who the token stands for; fails if that can't be found out while the session lasts. */
  async #introduce(identity?: Identity): Promise<void> {
    const ended = this.#ended;
    this.#failure = undefined;
    try {
      const [who, projects] = await Promise.all([
        identity ?? this.hanami.identity(),
        // Without them one can't switch, but all else works.
        this.hanami.users.projects().catch((): readonly Membership[] => []),
      ]);
      if (ended === this.#ended) {
        this.#projects = projects;
        this.#identity = who;
      }
    } catch (error) {
      // That a session has ended is told elsewhere.
      if (ended === this.#ended) {
        throw error;
      }
    }
  }

  #use(token: string, end: number | undefined): void {
    this.#token = token;
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
    const ended = this.#ended;
    const answer = await fetch(input, init);
    if (answer.status !== 401 && !givesToken(answer)) {
      return answer;
    }
    const found: unknown = await answer
      .clone()
      .json()
      .catch(() => undefined);
    if (ended === this.#ended && typeof found === "object" && found !== null) {
      if (answer.ok && "token" in found && typeof found.token === "string") {
        this.#use(found.token, endOf(found.token, answer.headers.get("date")));
      } else if ("code" in found && found.code === "invalid-token" && tokenOf(init) === this.#token) {
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
    this.#ended += 1;
    clearTimeout(this.#timer);
    sessionStorage.removeItem(TOKEN_KEY);
    sessionStorage.removeItem(END_KEY);
    this.#token = undefined;
    this.#hanami = undefined;
    this.#identity = undefined;
    this.#projects = [];
  }
}

function givesToken({ ok, url }: Response): boolean {
  return ok && /\/(token|user\/password)$/.test(new URL(url).pathname);
}

/** The token that a request is made with. */
function tokenOf(init: RequestInit | undefined): string | undefined {
  return new Headers(init?.headers).get("x-auth-token") ?? undefined;
}

export const session = new Session();
