/** How fast something comes, over the last seconds. */

/** Milliseconds that are looked back. */
const WINDOW = 8_000;

export class Rate {
  #seen: { readonly at: number; readonly amount: number }[] = [];

  /** Tells that `amount` had come by `at`, in milliseconds. */
  tell(amount: number, at: number): void {
    this.#seen.push({ at, amount });
    // One older than the window is kept, so that slow things have a rate, too.
    while ((this.#seen[1]?.at ?? Infinity) < at - WINDOW) {
      this.#seen.shift();
    }
  }

  /** Amount per second; nothing as long as too little is known. */
  get perSecond(): number | undefined {
    const first = this.#seen[0];
    const last = this.#seen.at(-1);
    if (first === undefined || last === undefined || last.at <= first.at || last.amount <= first.amount) {
      return undefined;
    }
    return ((last.amount - first.amount) / (last.at - first.at)) * 1000;
  }
}
