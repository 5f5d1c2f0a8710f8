/** What may be written next, with an explanation. */

import {
  type Completion,
  type CompletionContext,
  type CompletionResult,
  snippetCompletion,
} from "@codemirror/autocomplete";

import { text } from "../text.js";
import { type Block, blockOf, indentOf, nextPosition, siblings, UNIT } from "./blocks.js";

const KEYS = text.editor.keys;
const VALUES: Readonly<Record<string, readonly string[]>> = {
  version: ["1"],
  enable_reduction: ["true", "false"],
  kind: ["class", "value"],
};

/** Keys of which a brick can't have both. */
const RIVALS: Readonly<Record<string, readonly string[]>> = {
  input: ["output", "kind"],
  output: ["input"],
  kind: ["input"],
};

/** Completes keys, positions and values of a template. */
export function complete(context: CompletionContext): CompletionResult | null {
  const { state, pos } = context;
  const line = state.doc.lineAt(pos);
  const before = line.text.slice(0, pos - line.from);
  const value = /^\s*(\w+)\s*:\s*(\w*)$/.exec(before);
  if (value) {
    const options = VALUES[value[1] ?? ""]?.map((label): Completion => ({ label }));
    return options ? { from: pos - (value[2]?.length ?? 0), options } : null;
  }
  const word = /^\s*([\w,]*)$/.exec(before)?.[1];
  if (word === undefined || (word === "" && !context.explicit)) {
    return null;
  }
  const lines = state.doc.toString().split("\n");
  const block = blockOf(lines.slice(0, line.number - 1), indentOf(line.text));
  const options =
    block === "bricks" ? bricks(lines, indentOf(line.text)) : keys(block, siblings(lines, line.number - 1));
  return { from: pos - word.length, options, validFor: /^[\w,]*$/ };
}

function keys(block: Exclude<Block, "bricks">, present: ReadonlySet<string>): Completion[] {
  return Object.entries(KEYS[block])
    .filter(([key]) => !present.has(key))
    .filter(([key]) => !RIVALS[key]?.some((rival) => present.has(rival)))
    .map(([key, { use: info, value: detail }]): Completion =>
      detail === undefined
        ? snippetCompletion(`${key}:\n\t\${}`, { label: key, info })
        : { label: key, apply: `${key}: `, detail, info },
    );
}

function bricks(lines: readonly string[], indent: number): Completion[] {
  const position = nextPosition(lines);
  const inner = `\n${" ".repeat(indent + UNIT)}`;
  const size = (count: number): string => `${inner}number_of_neurons: \${${count}}`;
  const named = (kind: "input" | "output"): string => `${position}${inner}${kind}: \${name}${size(1)}`;
  const { input, inner: hidden, output } = text.editor.newBricks;
  return [
    snippetCompletion(`${position}${size(100)}`, {
      label: position,
      displayLabel: hidden.label,
      detail: position,
      info: hidden.use,
    }),
    snippetCompletion(named("input"), {
      label: `${position},input`,
      displayLabel: input.label,
      detail: position,
      info: input.use,
    }),
    snippetCompletion(named("output"), {
      label: `${position},output`,
      displayLabel: output.label,
      detail: position,
      info: output.use,
    }),
  ];
}
