/** What went wrong, in words for the user. */

import { HanamiError } from "hanami-sdk";

import { text } from "../text.js";

export interface Problem {
  readonly words: string;
  /** Names the request in the server's logs. */
  readonly requestId: string | undefined;
}

/** The problem that an error stands for; nothing if somebody only stopped waiting. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof DOMException && error.name === "AbortError") {
    return undefined;
  }
  if (error instanceof HanamiError) {
    const words = error.status === undefined ? error.detail : sentence(error.detail);
    return { words, requestId: error.requestId };
  }
  return {
    words: error instanceof Error ? text.app.unexpected(error.message) : text.app.unknownError,
    requestId: undefined,
  };
}

/** A message of the server, which begins without a capital letter, as a sentence. */
function sentence(detail: string): string {
  const capital = detail.charAt(0).toUpperCase() + detail.slice(1);
  return /[.!?]$/.test(capital) || capital.includes("\n") ? capital : `${capital}.`;
}
