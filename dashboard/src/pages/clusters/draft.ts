/** What is being written on the page for a new cluster, kept for as long as the tab is open. */

/** What a new cluster begins with. */
export type Beginning = "template" | "checkpoint" | "nothing";

export interface Draft {
  readonly name: string;
  readonly beginning: Beginning;
  readonly template: string;
  /** Uuid of a checkpoint, or empty. */
  readonly checkpoint: string;
}

const KEY = "hanami.draft.cluster";
const BEGINNINGS: readonly string[] = ["template", "checkpoint", "nothing"] satisfies Beginning[];

/** The draft as it was left, or an empty one. */
export function keptDraft(storage: Storage = sessionStorage): Draft {
  const found = parsed(storage.getItem(KEY));
  const word = (key: string): string => {
    const value = found[key];
    return typeof value === "string" ? value : "";
  };
  const beginning = word("beginning");
  return {
    name: word("name"),
    beginning: BEGINNINGS.includes(beginning) ? (beginning as Beginning) : "template",
    template: word("template"),
    checkpoint: word("checkpoint"),
  };
}

export function keepDraft(draft: Draft, storage: Storage = sessionStorage): void {
  try {
    storage.setItem(KEY, JSON.stringify(draft));
  } catch {
    // The storage is full: then only a reload loses it.
  }
}

export function forgetDraft(storage: Storage = sessionStorage): void {
  storage.removeItem(KEY);
}

function parsed(text: string | null): Record<string, unknown> {
  try {
    const found: unknown = JSON.parse(text ?? "{}");
    return typeof found === "object" && found !== null ? (found as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
