/** Copies a text, and knows for a while that it did. */

import { announce } from "../app/announce.svelte.js";
import { toasts } from "../app/toasts.svelte.js";
import { text } from "../text.js";

/** Milliseconds for which it is told that something was copied. */
const TOLD = 2_000;

export class Copier {
  #copied = $state(false);

  /** Whether something has just been copied. */
  get copied(): boolean {
    return this.#copied;
  }

  async copy(value: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(value);
      this.#copied = true;
      announce(text.parts.copied);
      setTimeout(() => (this.#copied = false), TOLD);
    } catch {
      toasts.failed(text.parts.copyFailed);
    }
  }
}
