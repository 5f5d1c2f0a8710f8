/** Which columns of a table the bricks of a cluster read. */

import type { Brick, Mapping } from "hanami-sdk";

export type MappingKind = "names" | Mapping["type"];

/** The mapping in which each brick, by its name, reads the columns that were chosen for it. */
export function mappingOf(
  kind: MappingKind,
  bricks: readonly Brick[],
  chosen: Readonly<Record<string, readonly string[]>>,
): Mapping | undefined {
  if (kind === "names") {
    return undefined;
  }
  const of = (side: "input" | "output"): Record<string, readonly string[]> =>
    Object.fromEntries(
      bricks.flatMap((brick) =>
        brick.kind === side && brick.name !== undefined ? [[brick.name, chosen[brick.name] ?? []]] : [],
      ),
    );
  if (kind === "row") {
    return { type: "row", inputs: of("input"), outputs: of("output") };
  }
  const single = (side: "input" | "output"): Record<string, string> =>
    Object.fromEntries(Object.entries(of(side)).map(([name, columns]) => [name, columns[0] ?? ""]));
  return { type: "window", inputs: single("input"), outputs: single("output") };
}
