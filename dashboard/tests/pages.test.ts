/** Every page can be reached, has its heading, is accessible, and fits on a telephone. */

import { expectAccessible, screenshot } from "./support/look.js";
import { expect, test } from "./support/test.js";

const plain = [
  ["/", "Overview", "overview"],
  ["/clusters", "Clusters", "clusters"],
  ["/results", "Results", "results"],
  ["/checkpoints", "Checkpoints", "checkpoints"],
  ["/api", "API", "api"],
] as const;

for (const [path, heading, name] of plain) {
  test(`the page ${name}`, async ({ page }) => {
    await page.getByRole("navigation").getByRole("link", { name: heading, exact: true }).click();
    await expect(page).toHaveURL(path);
    await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
    await expect(page).toHaveTitle(`${heading} · Hanami`);
    await expectAccessible(page);
    await screenshot(page, name);
  });
}

test("the page log in", async ({ stranger }) => {
  await expectAccessible(stranger);
  await screenshot(stranger, "login");
});
