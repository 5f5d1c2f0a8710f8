/** How pages look: to people, and to readers of the screen. */

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

import { expect, type Page } from "@playwright/test";
import type { AxeResults } from "axe-core";

import { repository } from "./server.js";

const THEMES = ["light", "dark"] as const;
const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Shows the page in a theme, and waits until all of it is. */
async function show(page: Page, theme: (typeof THEMES)[number]): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await page.evaluate(async () => {
    const frame = (): Promise<unknown> => new Promise((done) => requestAnimationFrame(done));
    await frame();
    await frame();
    const changes = document.getAnimations().filter((change) => change instanceof CSSTransition);
    await Promise.allSettled(changes.map((change) => change.finished));
  });
}

async function setNotes(page: Page, visibility: "hidden" | "visible"): Promise<void> {
  await page.locator("section[aria-live]").evaluateAll((found, value) => {
    for (const notes of found as HTMLElement[]) {
      notes.style.visibility = value;
    }
  }, visibility);
}

/** Nothing on the page breaks a rule of accessibility, in either theme. */
export async function expectAccessible(page: Page): Promise<void> {
  const axe = await readFile(AXE, "utf8");
  for (const theme of THEMES) {
    await show(page, theme);
    // Evaluated, and not added as a script, which the content security policy would refuse.
    await page.evaluate(axe);
    const { violations } = await page.evaluate<AxeResults, string[]>(
      (tags) =>
        (window as unknown as { axe: { run: (options: object) => Promise<AxeResults> } }).axe.run({
          runOnly: { type: "tag", values: tags },
        }),
      RULES,
    );
    const found = violations.map(({ id, nodes }) => ({
      id,
      where: nodes.map(({ target, failureSummary }) => `${target.join(" ")}: ${failureSummary ?? ""}`),
    }));
    expect(found, `accessible in the ${theme} theme`).toEqual([]);
  }
  await show(page, "light");
}

/** Nothing sticks out at the side. */
export async function expectFits(page: Page): Promise<void> {
  const width = (): Promise<number> =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await expect.poll(width, { message: "nothing sticks out at the side" }).toBeLessThanOrEqual(0);
}

/**
 * Keeps pictures of the page in `docs/dashboard`, in both themes and, as `<name>-narrow`, at the
 * width of a telephone; only with UPDATE_SCREENSHOTS=1. At that width, nothing may stick out, always.
 */
export async function screenshot(page: Page, name: string): Promise<void> {
  const update = process.env["UPDATE_SCREENSHOTS"] === "1";
  const size = page.viewportSize() ?? { width: 1280, height: 800 };
  const shoot = async (suffix: string): Promise<void> => {
    if (update) {
      // Notes that pass would hide what the picture is of.
      await setNotes(page, "hidden");
      const path = join(repository, "docs", "dashboard", `${name}-${suffix}.png`);
      await page.screenshot({ path, animations: "disabled", caret: "hide" });
      await setNotes(page, "visible");
    }
  };
  for (const theme of THEMES) {
    await show(page, theme);
    await shoot(theme);
  }
  await show(page, "light");
  await page.setViewportSize({ width: 380, height: 800 });
  await expectFits(page);
  await shoot("narrow");
  await page.setViewportSize(size);
}
