/** What each input contributed to an answer. */

import type { Cluster, Hanami } from "hanami-sdk";

import type { Outputs, Target } from "./player.svelte.js";
import { highest } from "./values.js";

export interface Contributions {
  /** Brick and value that they are for. */
  readonly brick: string;
  readonly index: number;
  /** For each input brick, what each of its values contributed; negative where it spoke against. */
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  /** What came from no input. */
  readonly rest: number;
}

export async function explain(
  hanami: Hanami,
  cluster: Cluster,
  asked: { inputs: Record<string, (number | null)[]>; outputs: Outputs; target: Target },
  signal: AbortSignal,
): Promise<Contributions> {
  const { brick, index = highest(asked.outputs[brick] ?? []) } = asked.target;
  const which = { output: brick, index };
  const { contributions, rest } = await hanami.clusters.explain(cluster, asked.inputs, which, { signal });
  return { brick, index, inputs: contributions, rest };
}
