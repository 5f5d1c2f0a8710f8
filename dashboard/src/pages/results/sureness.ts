/** How sure the answers of a result are: the highest of each row's output values, where they were kept. */

import type { Hanami, RequestResult } from "hanami-sdk";

/** Rows asked for at a time, and in all: beyond that it is not worth the wait. */
const ROWS = 1000;
const MOST = 100_000;

/** The highest value of the first output brick of each row; nothing if the values were not kept. */
export async function surenessOf(
  hanami: Hanami,
  result: RequestResult,
  signal: AbortSignal,
): Promise<number[] | undefined> {
  if (!result.hasOutputs || result.rows > MOST) {
    return undefined;
  }
  const sure: number[] = [];
  while (sure.length < result.rows) {
    const { outputs, bricks } = await hanami.results.outputs(result, {
      from: sure.length,
      count: ROWS,
      signal,
    });
    if (outputs.length === 0) {
      return undefined;
    }
    const width = bricks[0]?.width ?? 0;
    sure.push(...outputs.map((values) => Math.max(...values.slice(0, width))));
  }
  return sure;
}
