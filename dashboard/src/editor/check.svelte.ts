/** What the server says to the template that is being written. */

import type { TemplateCheck as Checked } from "hanami-sdk";

import type { PictureBrick } from "../bricks3d/bricks.js";

/** Milliseconds without a key before the server is asked. */
const PAUSE = 250;

/** Checks a text whenever it has changed, one at a time, and keeps what is known of it. */
export class TemplateCheck {
  readonly #ask: (text: string, signal: AbortSignal) => Promise<Checked>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: AbortController | undefined;
  #text = "";

  /** The bricks of the last valid text. */
  bricks = $state.raw<readonly PictureBrick[]>([]);
  /** The mistake in the text. */
  mistake = $state.raw<Checked["error"]>();
  /** Whether there is an answer about the text as it is now, and what it is. */
  state = $state<"empty" | "checking" | "valid" | "invalid" | "failed">("empty");
  /** Why there is none. */
  failure = $state.raw<unknown>();

  constructor(ask: (text: string, signal: AbortSignal) => Promise<Checked>) {
    this.#ask = ask;
  }

  /** Lets the server look at `text`, soon. */
  look(text: string): void {
    this.stop();
    this.#text = text;
    if (text.trim() === "") {
      this.state = "empty";
      this.mistake = undefined;
      this.bricks = [];
      return;
    }
    this.state = "checking";
    this.#timer = setTimeout(() => void this.again(), PAUSE);
  }

  /** Asks the server at once. */
  async again(): Promise<void> {
    this.stop();
    const running = new AbortController();
    this.#running = running;
    this.state = "checking";
    try {
      const { valid, error, bricks } = await this.#ask(this.#text, running.signal);
      if (running.signal.aborted) {
        return;
      }
      this.mistake = error;
      if (valid) {
        this.bricks = bricks;
      }
      this.state = valid ? "valid" : "invalid";
    } catch (error) {
      if (!running.signal.aborted) {
        this.failure = error;
        this.state = "failed";
      }
    }
  }

  /** Asks no more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#running?.abort();
  }
}
