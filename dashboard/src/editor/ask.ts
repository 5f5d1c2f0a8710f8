/** Asks the server about a template. */

import type { TemplateCheck } from "hanami-sdk";

import { session } from "../app/session.svelte.js";

/** Whether a template is valid, and what its bricks are. */
export function checkTemplate(template: string, signal: AbortSignal): Promise<TemplateCheck> {
  return session.hanami.clusters.checkTemplate(template, { signal });
}
