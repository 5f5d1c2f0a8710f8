/** Something that a page loads: what came, or why it did not. */

export class Loaded<Value> {
  readonly #read: (signal: AbortSignal) => Promise<Value>;
  #value = $state.raw<Value | undefined>();
  #error = $state.raw<unknown>();
  #controller = new AbortController();

  constructor(read: (signal: AbortSignal) => Promise<Value>) {
    this.#read = read;
  }

  /** What came last; it stays while it is loaded again. */
  get value(): Value | undefined {
    return this.#value;
  }

  /** Why the last try failed. */
  get error(): unknown {
    return this.#error;
  }

  /** Loads it, for an effect of the page: what that returns ends the wait. */
  begin(): () => void {
    void this.load();
    return () => {
      this.#controller.abort();
    };
  }

  /** Loads it again. An earlier try that is under way is given up. */
  readonly load = async (): Promise<void> => {
    this.#controller.abort();
    const controller = new AbortController();
    this.#controller = controller;
    this.#error = undefined;
    try {
      const value = await this.#read(controller.signal);
      if (!controller.signal.aborted) {
        this.#value = value;
      }
    } catch (error) {
      if (!controller.signal.aborted) {
        this.#error = error;
      }
    }
  };
}
