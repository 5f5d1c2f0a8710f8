/** Paths with parameters, such as `/clusters/:uuid`. */

export type Params = Readonly<Record<string, string>>;

/** The parameters of `path` if it has the form of `pattern`. */
export function match(pattern: string, path: string): Params | undefined {
  const wanted = parts(pattern);
  const found = parts(path);
  if (wanted.length !== found.length) {
    return undefined;
  }
  const params: Record<string, string> = {};
  for (const [index, want] of wanted.entries()) {
    const part = found[index] ?? "";
    if (want.startsWith(":")) {
      const value = decoded(part);
      if (value === undefined) {
        return undefined;
      }
      params[want.slice(1)] = value;
    } else if (want !== part) {
      return undefined;
    }
  }
  return params;
}

/** A path of this page that is safe to go back to after a log-in; else the overview. */
export function safeBack(back: string | null): string {
  return back?.startsWith("/") === true && !/^\/[/\\]|^\/login/.test(back) ? back : "/";
}

function parts(path: string): string[] {
  return path.split("/").filter((part) => part !== "");
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
