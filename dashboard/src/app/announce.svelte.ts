/** What screen readers read out though the focus stays where it is. */

let said = $state("");

/** Says `words`; the same words twice are said twice. */
export function announce(words: string): void {
  // A different text is what makes a reader speak.
  said = words === said ? `${words}\u00a0` : words;
}

export function announcement(): string {
  return said;
}
