/** Short notes that something was done, or went wrong in the background. */

export interface Toast {
  readonly id: number;
  readonly kind: "done" | "failed";
  readonly words: string;
  /** Of the request that failed. */
  readonly requestId?: string | undefined;
}

/** Milliseconds that a note of something done stays. What failed stays until it is closed. */
const STAY = 6_000;

/** Notes of something done that are shown at a time: more would hide the page. */
const MOST = 2;

class Toasts {
  #all = $state<Toast[]>([]);
  #next = 0;

  get all(): readonly Toast[] {
    return this.#all;
  }

  done(words: string): void {
    const done = this.#all.filter(({ kind }) => kind === "done");
    if (done.length >= MOST) {
      this.close(done[0]?.id);
    }
    const { id } = this.#add({ kind: "done", words });
    setTimeout(() => {
      this.close(id);
    }, STAY);
  }

  failed(words: string, requestId?: string): void {
    this.#add({ kind: "failed", words, requestId });
  }

  close(id: number | undefined): void {
    this.#all = this.#all.filter((toast) => toast.id !== id);
  }

  clear(): void {
    this.#all = [];
  }

  #add(toast: Omit<Toast, "id">): Toast {
    const added = { ...toast, id: this.#next++ };
    this.#all = [...this.#all, added];
    return added;
  }
}

export const toasts = new Toasts();
