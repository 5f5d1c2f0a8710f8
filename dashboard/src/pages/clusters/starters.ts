/** Templates to begin with. */

import { text } from "../../text.js";
import { written } from "./layout.js";

export interface Starter {
  readonly key: "images" | "table" | "series" | "inputs";
  readonly template: string;
}

const notes = text.newCluster.starterNotes;

export const starters: readonly Starter[] = [
  {
    key: "images",
    template: written({
      notes: notes.images,
      inputs: [{ name: "pixels", width: 784 }],
      inner: 400,
      output: { name: "digit", width: 10 },
    }),
  },
  {
    key: "table",
    template: written({
      notes: notes.table,
      inputs: [{ name: "features", width: 8 }],
      inner: 128,
      output: { name: "target", width: 1 },
    }),
  },
  {
    key: "series",
    template: written({
      notes: notes.series,
      inputs: [{ name: "load", width: 20 }],
      inner: 128,
      output: { name: "temperature", width: 1 },
    }),
  },
  {
    key: "inputs",
    template: written({
      notes: notes.inputs,
      inputs: [
        { name: "camera", width: 256 },
        { name: "microphone", width: 64 },
        { name: "distance", width: 4 },
      ],
      inner: 200,
      output: { name: "action", width: 5 },
    }),
  },
];
