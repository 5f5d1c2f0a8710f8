/** What the server takes as names and ids, so that one sees it before one sends it. */

import { text } from "../text.js";

const RULES = {
  name: { form: /^[a-zA-Z][a-zA-Z_0-9 ]{3,255}$/, words: text.parts.nameRule },
  projectId: { form: /^[a-zA-Z][a-zA-Z_0-9]{3,255}$/, words: text.parts.idRule },
  userId: { form: /^[a-zA-Z][a-zA-Z_0-9@]{3,255}$/, words: text.parts.userIdRule },
} as const;

/** Why `value` can't be a name or an id; nothing if it can. */
export function nameProblem(value: string, rule: keyof typeof RULES = "name"): string | undefined {
  return RULES[rule].form.test(value) ? undefined : RULES[rule].words;
}

/** A name that the server takes, made from that of a file: `t10k-images.idx.gz` becomes `t10k images`. */
export function nameFrom(stem: string, otherwise: string): string {
  const kept = stem
    .replace(/[^a-zA-Z0-9_]+/g, " ")
    .replace(/^[^a-zA-Z]+/, "")
    .trim()
    .slice(0, 256);
  const name = kept.length < 4 ? `${kept} ${otherwise}`.trim() : kept;
  return name;
}
