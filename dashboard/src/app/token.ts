/** What the dashboard has to know of a token. */

/**
 * When a token ends, in milliseconds by the clock of this browser, which need not be that of the
 * server: `sent` is the date by the server's clock at which the token came. Nothing if it is no
 * token of Hanami.
 */
export function endOf(token: string, sent: string | null): number | undefined {
  const end = claimedEnd(token);
  const theirs = sent === null ? Number.NaN : Date.parse(sent);
  return end === undefined || Number.isNaN(theirs) ? end : end - theirs + Date.now();
}

/** When a token ends, in milliseconds by the clock of the server. */
function claimedEnd(token: string): number | undefined {
  try {
    const payload = token.split(".")[1] ?? "";
    const bytes = atob(payload.replace(/-/g, "+").replace(/_/g, "/"));
    const claims: unknown = JSON.parse(bytes);
    const isObject = typeof claims === "object" && claims !== null;
    return isObject && "exp" in claims && typeof claims.exp === "number" ? claims.exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}
