/** The class of websockets in Node: its own from version 22 on, else that of the package `ws`. */
export async function websocketClass(): Promise<typeof WebSocket> {
  if ("WebSocket" in globalThis) {
    return WebSocket;
  }
  const { WebSocket: fallback } = await import("ws");
  // It is made to be used in place of the platform's.
  return fallback as unknown as typeof WebSocket;
}
