/** Sets up a picture: loads what draws it, and connects it to its elements until it is gone. */

import { coloursOf, watchTheme } from "./colours.js";
import { type Label, shown } from "./labels.js";
import { orbit } from "./orbit.js";
import type { BrickScene } from "./scene.js";

/** What a picture is made of. */
export interface Elements {
  readonly canvas: HTMLCanvasElement;
  /** Around the canvas: decides its size, and is turned and zoomed with. */
  readonly stage: HTMLElement;
  /** Decides the colours. */
  readonly legend: HTMLElement;
}

/** Whether this browser can draw the picture. */
export function canDraw(): boolean {
  return document.createElement("canvas").getContext("webgl2") !== null;
}

/**
 * Sets up a picture that lasts until `ended`; `drawn` gets the labels that are shown. Answers nothing if
 * it has ended before.
 */
export async function setUp(
  { canvas, stage, legend }: Elements,
  drawn: (labels: Label[]) => void,
  ended: AbortSignal,
): Promise<BrickScene | undefined> {
  const { BrickScene } = await import("./scene.js");
  if (ended.aborted) {
    return undefined;
  }
  const scene = new BrickScene(canvas, coloursOf(legend), (labels) => {
    drawn(shown(labels));
  });
  const fit = (): void => {
    scene.resize(stage.clientWidth, stage.clientHeight);
  };
  const resize = new ResizeObserver(fit);
  resize.observe(stage);
  fit();
  const stopTheme = watchTheme(() => {
    scene.setColours(coloursOf(legend));
  });
  const stopOrbit = orbit(
    stage,
    () => scene.view,
    (view) => {
      scene.setView(view);
    },
  );
  ended.addEventListener("abort", () => {
    resize.disconnect();
    stopTheme();
    stopOrbit();
    scene.dispose();
  });
  return scene;
}
