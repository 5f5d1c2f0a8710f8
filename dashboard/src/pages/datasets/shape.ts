/** Datasets in words, and who may change them. */

import type { Dataset, DatasetEntry, Identity } from "hanami-sdk";

import { text } from "../../text.js";

/** What one row of a dataset holds. */
export function shapeOf({ type, inputs, outputs }: Dataset): string {
  const shapes = text.datasets.list.shapes;
  return type === "csv" ? shapes.csv(inputs) : shapes.mnist(inputs, outputs);
}

/** Whether the server would let the user change a dataset. */
export function mayChange({ ownerId, projectId }: DatasetEntry, who: Identity | undefined): boolean {
  if (who === undefined) {
    return false;
  }
  return who.isAdmin || (projectId === who.projectId && (ownerId === who.id || who.isProjectAdmin));
}
