/** The class of websockets, where the platform has one: browsers, Deno, Bun. */
export function websocketClass(): Promise<typeof WebSocket> {
  return Promise.resolve(WebSocket);
}
