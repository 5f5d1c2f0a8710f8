/** The server's own counts, which it tells as OpenMetrics text. */

/** The samples without labels, by their names. */
export function parseMetrics(text: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const line of text.split("\n")) {
    const [name, value] = line.split(" ");
    if (name !== undefined && value !== undefined && /^[a-z_:]+$/i.test(name) && value !== "") {
      const number = Number(value);
      if (Number.isFinite(number)) {
        found.set(name, number);
      }
    }
  }
  return found;
}

/** What the server counts; nothing if it does not tell. */
export async function fetchMetrics(signal: AbortSignal): Promise<ReadonlyMap<string, number>> {
  const answer = await fetch("/metrics", { signal });
  return answer.ok ? parseMetrics(await answer.text()) : new Map();
}
