/** Drawing in the playground, as with a mouse. */

import type { Locator, Page } from "@playwright/test";

export function pad(page: Page): Locator {
  return page.getByRole("application", { name: /Drawing area/ });
}

/** Draws lines from corner to corner; places are shares of the side. */
export async function draw(page: Page, corners: readonly (readonly [x: number, y: number])[]): Promise<void> {
  await pad(page).scrollIntoViewIfNeeded();
  const box = await pad(page).boundingBox();
  if (box === null) {
    throw new Error("there is nothing to draw on");
  }
  for (const [index, [x, y]] of corners.entries()) {
    await page.mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: index === 0 ? 1 : 8 });
    if (index === 0) {
      await page.mouse.down();
    }
  }
  await page.mouse.up();
}

/** A seven. */
export const SEVEN = [
  [0.3, 0.2],
  [0.7, 0.2],
  [0.45, 0.8],
] as const;

/** A one. */
export const ONE = [
  [0.5, 0.15],
  [0.48, 0.85],
] as const;
