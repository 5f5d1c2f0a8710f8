/** What a page reads from the server. */

/**
 * Something that is read when its component appears, again when what `read` looked at before its first
 * `await` changes, and again when it is told to. It has to be made while a component is set up; its
 * signal ends with the component, and with the next reading.
 */
export class Loaded<Value> {
  #value = $state.raw<Value | undefined>();
  #error = $state.raw<unknown>();
  #round = $state(0);
  /** Ends the reading that is on its way. */
  #reading: AbortController | undefined;

  constructor(read: (signal: AbortSignal) => Promise<Value>) {
    $effect(() => {
      const stop = new AbortController();
      this.#reading = stop;
      void this.#run(this.#round, read, stop);
      return () => {
        stop.abort();
      };
    });
  }

  /** What was read last; it stays while it is read again. */
  get value(): Value | undefined {
    return this.#value;
  }

  /** Why it could not be read. */
  get error(): unknown {
    return this.#error;
  }

  /** Whether there is neither a value nor an error yet. */
  get waiting(): boolean {
    return this.#value === undefined && this.#error === undefined;
  }

  readonly again = (): void => {
    this.#round += 1;
  };

  /** Puts in what a change made of it, which spares reading it again; a reading from before it is made anew. */
  set(value: Value): void {
    this.#value = value;
    if (this.#reading !== undefined) {
      this.#reading.abort();
      this.again();
    }
  }

  async #run(
    _round: number,
    read: (signal: AbortSignal) => Promise<Value>,
    stop: AbortController,
  ): Promise<void> {
    const { signal } = stop;
    try {
      const value = await read(signal);
      if (!signal.aborted) {
        this.#value = value;
        this.#error = undefined;
      }
    } catch (error) {
      if (!signal.aborted) {
        this.#error = error;
      }
    }
    if (this.#reading === stop) {
      this.#reading = undefined;
    }
  }
}
