/** Every page of a server where nothing is yet can be reached, is accessible, and fits on a telephone. */

import { expectAccessible, screenshot } from "./support/look.js";
import { expect, test } from "./support/test.js";
import { visit } from "./support/visit.js";

const pages = [
  ["/datasets", "Datasets", "datasets-none"],
  ["/clusters", "Clusters", "clusters-none"],
  ["/results", "Results", "results-none"],
  ["/checkpoints", "Checkpoints", "checkpoints-none"],
  ["/api", "API", "api"],
  ["/", "Overview", "overview"],
] as const;

test("the pages of a server where nothing is yet", async ({ browser }) => {
  await visit(browser, {}, async ({ page }) => {
    for (const [path, heading, name] of pages) {
      await page.getByRole("navigation").getByRole("link", { name: heading, exact: true }).click();
      await expect(page).toHaveURL(path);
      await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
      await expect(page).toHaveTitle(`${heading} · Hanami`);
      await expectAccessible(page);
      await screenshot(page, name);
    }
  });
});

test("the page log in", async ({ stranger }) => {
  await expectAccessible(stranger);
  await screenshot(stranger, "login");
});
