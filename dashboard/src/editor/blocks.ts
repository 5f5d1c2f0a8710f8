/** Which part of a template a line belongs to, by its indentation; for help while typing only. */

/** What a line may hold: entries of the template, of its settings, of one brick; or positions. */
export type Block = "template" | "settings" | "bricks" | "brick";

/** Spaces by which a block is indented in templates that the dashboard makes. */
export const UNIT = 4;

const POSITION = /^\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*(#.*)?$/;
const OPENS = /^\s*(settings|bricks)\s*:\s*(#.*)?$/;

/** Spaces before the content of a line. */
export function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** Whether what follows a line is indented further. */
export function opens(line: string): boolean {
  return OPENS.test(line) || POSITION.test(line);
}

/** The block that a line lies in which is indented by so many spaces below the lines `above`. */
export function blockOf(above: readonly string[], indent: number): Block {
  const parent = above.findLast((line) => !isBlank(line) && indentOf(line) < indent);
  if (parent === undefined) {
    return "template";
  }
  if (POSITION.test(parent)) {
    return "brick";
  }
  const key = OPENS.exec(parent)?.[1];
  return key === "settings" || key === "bricks" ? key : "template";
}

/** Where a line that follows `above` begins. */
export function indentBelow(above: readonly string[]): number {
  const last = above.findLast((line) => !isBlank(line));
  return last === undefined ? 0 : indentOf(last) + (opens(last) ? UNIT : 0);
}

/** The keys that the block around a line has, of which each may be there once. */
export function siblings(lines: readonly string[], index: number): Set<string> {
  const indent = indentOf(lines[index] ?? "");
  const found = new Set<string>();
  const walk = (step: 1 | -1): void => {
    for (let at = index + step; at >= 0 && at < lines.length; at += step) {
      const line = lines[at] ?? "";
      if (isBlank(line) || indentOf(line) > indent) {
        continue;
      }
      if (indentOf(line) < indent) {
        return;
      }
      found.add((line.split(":")[0] ?? "").trim());
    }
  };
  walk(-1);
  walk(1);
  return found;
}

/** A free place beside the brick that was given last: the next one in its row. */
export function nextPosition(lines: readonly string[]): string {
  const taken = lines.flatMap((line) => {
    const found = POSITION.exec(line);
    return found ? [[Number(found[1]), Number(found[2]), Number(found[3])] as const] : [];
  });
  const last = taken.at(-1);
  if (last === undefined) {
    return "1,1,1";
  }
  const [x, y, z] = last;
  const row = taken.filter((other) => other[1] === y && other[2] === z).map((other) => other[0]);
  let next = x + 1;
  while (row.includes(next)) {
    next += 1;
  }
  return `${next},${y},${z}`;
}

function isBlank(line: string): boolean {
  return /^\s*(#.*)?$/.test(line);
}
