/** What the dashboard has to know of a token. */

/** When a token ends, in milliseconds since 1970; nothing if it is none of Hanami's. */
export function endOf(token: string): number | undefined {
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
