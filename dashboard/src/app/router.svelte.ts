/** Which page is shown: the address bar is the truth, and links within the dashboard stay in it. */

import type { Component } from "svelte";

import { text } from "../text.js";
import { announce } from "./announce.svelte.js";
import { type Page, pages } from "./pages.js";
import { match, type Params } from "./routes.js";

export interface PageProps {
  /** The parameters of the page's path. */
  readonly params: Params;
}

interface Shown {
  readonly page: Page;
  readonly params: Params;
  readonly component: Component<PageProps>;
}

class Router {
  /** The path and the query that are shown or about to be. */
  #path = $state(location.pathname);
  #query = $state(location.search);
  #shown = $state.raw<Shown | undefined>();
  #failure = $state.raw<unknown>();
  #heading = "";

  get path(): string {
    return this.#path;
  }

  get query(): URLSearchParams {
    return new URLSearchParams(this.#query);
  }

  /** The page that is shown; nothing until the first one is loaded, or if there is none at this path. */
  get shown(): Shown | undefined {
    return this.#shown;
  }

  /** Why the page could not be loaded. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Whether there is a page at the path. */
  get known(): boolean {
    return find(this.#path) !== undefined;
  }

  start(): void {
    addEventListener("popstate", () => void this.#load());
    document.addEventListener("click", (event) => {
      this.#follow(event);
    });
    void this.#load();
  }

  /** Shows the page at `address`, a path with or without a query. */
  go(address: string, { replace = false }: { readonly replace?: boolean } = {}): void {
    if (replace) {
      history.replaceState(null, "", address);
    } else {
      history.pushState(null, "", address);
    }
    void this.#load();
  }

  /** Keeps a choice within a page, such as its tab, in the address, so that a reload has it. */
  keep(key: string, value: string | undefined): void {
    const query = this.query;
    if (value === undefined) {
      query.delete(key);
    } else {
      query.set(key, value);
    }
    this.#query = query.size > 0 ? `?${query.toString()}` : "";
    history.replaceState(null, "", this.#path + this.#query);
  }

  /** Names the page in the title of the window, when its name is not known beforehand. */
  retitle(heading: string): void {
    this.#heading = heading;
    document.title = text.app.title(heading);
  }

  async #load(): Promise<void> {
    const first = this.#shown === undefined;
    const moved = location.pathname !== this.#path;
    this.#path = location.pathname;
    this.#query = location.search;
    if (!moved && !first) {
      return;
    }
    const path = this.#path;
    this.#failure = undefined;
    const found = find(path);
    if (found === undefined) {
      this.#shown = undefined;
      this.retitle(text.app.noPage.heading);
      return;
    }
    try {
      const { default: component } = await found.page.load();
      if (path !== this.#path) {
        return;
      }
      this.retitle(found.page.heading);
      // A page without parameters takes no notice of them.
      this.#shown = { ...found, component: component as Component<PageProps> };
    } catch (error) {
      if (path === this.#path) {
        this.#failure = error;
      }
      return;
    }
    if (!first) {
      scrollTo(0, 0);
      document.getElementById("main")?.focus();
      announce(this.#heading);
    }
  }

  #follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) {
      return;
    }
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (link?.target !== "" || link.hasAttribute("download")) {
      return;
    }
    const { origin, pathname, search, hash } = new URL(link.href);
    // Other things that the server serves, such as its documents, are no pages of the dashboard.
    if (origin !== location.origin || hash !== "" || find(pathname) === undefined) {
      return;
    }
    event.preventDefault();
    this.go(pathname + search);
  }
}

function find(path: string): { page: Page; params: Params } | undefined {
  for (const page of pages) {
    const params = match(page.path, path);
    if (params !== undefined) {
      return { page, params };
    }
  }
  return undefined;
}

export const router = new Router();
