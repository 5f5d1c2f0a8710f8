/**
 * Asks a cluster about what is drawn or typed, and teaches it.
 *
 * A cluster in direct mode answers over one websocket, others over HTTP. One question is on its way at
 * a time: while it is, only the newest of those that follow is kept.
 */

import { type Bricks, type Cluster, type Direct, type Hanami, WebsocketError } from "hanami-sdk";

import { type Contributions, explain } from "./explain.js";

/** What the outputs say, brick by brick. */
export type Outputs = Readonly<Record<string, readonly number[]>>;

/** The value of an output whose contributions are wanted. */
export interface Target {
  readonly brick: string;
  /** Its index; the highest if it is left out. */
  readonly index?: number | undefined;
}

/** How often something is taught, at most, until the cluster answers so. */
export const MOST_LESSONS = 20;

export class Player {
  readonly #hanami: Hanami;
  readonly #cluster: Cluster;
  readonly #ended = new AbortController();
  #direct: Direct | undefined;
  #wanted: Bricks | undefined;
  #asking = false;
  /** Counts how often all was cleared: an answer from before it is dropped. */
  #cleared = 0;
  #way = $state<"connecting" | "websocket" | "http">("connecting");
  #outputs = $state.raw<Outputs | undefined>();
  #contributions = $state.raw<Contributions | undefined>();
  #error = $state.raw<unknown>();
  /** What contributions are wanted for; nothing if none are. */
  target: Target | undefined;

  constructor(hanami: Hanami, cluster: Cluster) {
    this.#hanami = hanami;
    this.#cluster = cluster;
  }

  /** How the cluster is asked. */
  get way(): "connecting" | "websocket" | "http" {
    return this.#way;
  }

  /** The last answer. */
  get outputs(): Outputs | undefined {
    return this.#outputs;
  }

  /** What each input contributed to it, if that is wanted. */
  get contributions(): Contributions | undefined {
    return this.#contributions;
  }

  get error(): unknown {
    return this.#error;
  }

  /** Connects, for an effect of the page: what that returns ends the connection. */
  start(): () => void {
    void this.#connect();
    return () => {
      this.#ended.abort();
      void this.#direct?.close();
    };
  }

  /** Asks what the cluster says to these inputs, now or when the present question is answered. */
  ask(inputs: Bricks): void {
    this.#wanted = inputs;
    if (!this.#asking && this.#way !== "connecting") {
      void this.#askAll();
    }
  }

  /** Forgets the answer: there is nothing to ask about. */
  clear(): void {
    this.#cleared += 1;
    this.#wanted = this.#outputs = this.#contributions = this.#error = undefined;
  }

  /**
   * Lets the cluster learn that these inputs mean these targets: once, or until it has `learned` that.
   * The answer after a lesson shows all of it. One lesson mends most mistakes of a cluster that has
   * learned much; what contradicts all that it knows takes some more.
   */
  async teach(
    inputs: Bricks,
    targets: Bricks,
    learned?: (outputs: Outputs) => boolean,
  ): Promise<{ outputs: Outputs; lessons: number }> {
    const cleared = this.#cleared;
    for (let lessons = 1; ; lessons += 1) {
      await this.#learn(inputs, targets);
      const outputs = await this.#predict(inputs);
      if (cleared === this.#cleared) {
        this.#outputs = outputs;
      }
      if (learned === undefined || learned(outputs) || lessons === MOST_LESSONS) {
        return { outputs, lessons };
      }
    }
  }

  async #learn(inputs: Bricks, targets: Bricks): Promise<void> {
    if (this.#direct === undefined) {
      await this.#hanami.clusters.learn(this.#cluster, plain(inputs), plain(targets));
    } else {
      await this.#direct.train(inputs, targets);
    }
  }

  async #connect(): Promise<void> {
    if (this.#cluster.mode === "DIRECT") {
      const { signal } = this.#ended;
      try {
        this.#direct = await this.#hanami.direct(this.#cluster, { signal });
      } catch (error) {
        // Somebody changed the mode meanwhile: HTTP does in both.
        if (!(error instanceof WebsocketError) && !signal.aborted) {
          this.#error = error;
        }
      }
    }
    this.#way = this.#direct === undefined ? "http" : "websocket";
    if (this.#wanted !== undefined) {
      void this.#askAll();
    }
  }

  async #askAll(): Promise<void> {
    this.#asking = true;
    while (this.#wanted !== undefined && !this.#ended.signal.aborted) {
      const inputs = this.#wanted;
      this.#wanted = undefined;
      const cleared = this.#cleared;
      try {
        const outputs = await this.#predict(inputs);
        if (cleared === this.#cleared) {
          this.#outputs = outputs;
          this.#error = undefined;
          const contributions = await this.#explained(inputs, outputs);
          this.#contributions = cleared === this.#cleared ? contributions : undefined;
        }
      } catch (error) {
        this.#failed(error, cleared);
      }
    }
    this.#asking = false;
  }

  #failed(error: unknown, cleared: number): void {
    if (cleared === this.#cleared && !this.#ended.signal.aborted) {
      this.#error = error;
    }
  }

  async #predict(inputs: Bricks): Promise<Outputs> {
    const { signal } = this.#ended;
    if (this.#direct !== undefined) {
      try {
        return this.#named(await this.#direct.request(inputs, { signal }));
      } catch {
        signal.throwIfAborted();
        // The connection is over: the mode was changed, or the server stopped. HTTP tells which.
        void this.#direct.close();
        this.#direct = undefined;
        this.#way = "http";
      }
    }
    return this.#hanami.clusters.predict(this.#cluster, plain(inputs), { signal });
  }

  async #explained(inputs: Bricks, outputs: Outputs): Promise<Contributions | undefined> {
    const target = this.target;
    if (target === undefined) {
      return undefined;
    }
    const { signal } = this.#ended;
    return explain(this.#hanami, this.#cluster, { inputs: plain(inputs), outputs, target }, signal);
  }

  /** The values of all outputs in the order of the template, by the names of the bricks. */
  #named(values: Float32Array): Outputs {
    const named: Record<string, number[]> = {};
    let from = 0;
    for (const { kind, name, neurons } of this.#cluster.bricks) {
      if (kind === "output" && name !== undefined) {
        named[name] = [...values.subarray(from, from + neurons)];
        from += neurons;
      }
    }
    return named;
  }
}

/** The values as JSON has them: what is no number is not known. */
function plain(bricks: Bricks): Record<string, (number | null)[]> {
  return Object.fromEntries(
    Object.entries(bricks).map(([name, values]) => [
      name,
      Array.from(values, (value) => (Number.isFinite(value) ? value : null)),
    ]),
  );
}
