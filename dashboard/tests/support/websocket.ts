/** The class of websockets, for the SDK in tests: Node 20 has none of its own. */

import { WebSocket as Found } from "ws";

export function websocketClass(): Promise<typeof WebSocket> {
  return Promise.resolve(Found as unknown as typeof WebSocket);
}
