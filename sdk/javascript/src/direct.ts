import { type ClusterFrame, decodeClusterFrame, encodeClusterFrame, ProcessType } from "./frames.js";
import { unlessAborted } from "./pause.js";
import type { Socket } from "./socket.js";

/** Values of bricks: their names, and one value per neuron each. */
export type Bricks = Readonly<Record<string, ArrayLike<number>>>;

/** What a call over a live connection can be told. */
export interface DirectOptions {
  /** Ends the wait for the answer. What was asked for is done all the same. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A live connection to a cluster in direct mode, one sample at a time.
 *
 * Each call sends the values of all named bricks at once. Inputs that are not named count as 0;
 * outputs that are not named have nothing to learn from this sample. Calls need not wait for each
 * other: they are served in the order in which they were made. A call that the server can't serve
 * ends the connection, and so does an hour of silence, unless the server is set otherwise.
 */
export class Direct implements AsyncDisposable {
  readonly #socket: Socket;

  /** @internal */
  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /**
   * What the cluster says to these inputs: the values of its outputs.
   *
   * @throws {@link WebsocketError} if a brick does not exist or has another number of values.
   */
  async request(inputs: Bricks, options: DirectOptions = {}): Promise<Float32Array> {
    return this.#run(ProcessType.request, Object.entries(inputs), options);
  }

  /**
   * Lets the cluster learn that these inputs mean these targets; resolves once it has.
   *
   * @throws {@link WebsocketError} if a brick does not exist or has another number of values.
   */
  async train(inputs: Bricks, targets: Bricks, options: DirectOptions = {}): Promise<void> {
    await this.#run(ProcessType.train, [...Object.entries(inputs), ...Object.entries(targets)], options);
  }

  /** Closes the connection. Answers that are still due will not come. */
  async close(): Promise<void> {
    await this.#socket.close();
  }

  /** Closes the connection at the end of the block of an `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Fills the bricks, runs the cluster with the last one, and returns the answer to that. */
  async #run(
    processType: number,
    bricks: readonly (readonly [string, ArrayLike<number>])[],
    { signal }: DirectOptions,
  ): Promise<Float32Array> {
    signal?.throwIfAborted();
    if (bricks.length === 0) {
      throw new TypeError("no brick was given; name at least one brick and its values");
    }
    // All are sent before the first answer is waited for, so that no other call comes between.
    const answers = bricks.map(([brickName, given], index) => {
      const values = given instanceof Float32Array ? given : Float32Array.from(given);
      const isLast = index + 1 === bricks.length;
      const frame: ClusterFrame = { brickName, isLast, processType, values };
      return this.#socket.send(encodeClusterFrame(frame));
    });
    const all = await unlessAborted(signal, Promise.all(answers));
    return decodeClusterFrame(all.at(-1) ?? new Uint8Array()).values;
  }
}
