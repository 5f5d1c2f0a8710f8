/** Files for the user to keep. */

/** Lets the browser save what came from the server as a file of this name. */
export async function saveAnswer(answer: Response, name: string): Promise<void> {
  saveBlob(await answer.blob(), name);
}

/** Lets the browser save `blob` as a file of this name. */
export function saveBlob(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser has the address of the blob until it has begun to save it.
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
  }, 60_000);
}
