/** Asks the server about a template. */

import { session } from "../app/session.svelte.js";
import type { Checked } from "./check.svelte.js";

/** Whether a template is valid, and what its bricks are. */
export async function checkTemplate(template: string, signal: AbortSignal): Promise<Checked> {
  return session.hanami.clusters.checkTemplate(template, { signal });
}
