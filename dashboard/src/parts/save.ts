/** Saves what the server sends as a file. */

/** Saves the body of an answer under the name that the server gives it. A body that breaks off throws. */
export async function save(answer: Response, otherwise: string): Promise<void> {
  // Whole: a link of its own could not carry the token.
  const data = await answer.blob();
  const address = URL.createObjectURL(data);
  const link = document.createElement("a");
  link.href = address;
  link.download = fileName(answer.headers.get("content-disposition")) ?? otherwise;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 60_000);
}

/** The name in a header such as `attachment; filename="good.csv"`. */
export function fileName(disposition: string | null): string | undefined {
  return /filename="([^"]+)"/.exec(disposition ?? "")?.[1];
}
