/** What is around the pages: keyboard, theme, narrow screens, errors. */

import { expectAccessible } from "./support/look.js";
import { expect, test } from "./support/test.js";

test("the keyboard reaches the content at once, and every page", async ({ page }) => {
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
  await page.getByRole("link", { name: "Clusters", exact: true }).first().focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Clusters");
  await expect(page.getByRole("main")).toBeFocused();
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Overview");
});

test("a chosen theme stays", async ({ page }) => {
  const ground = (): Promise<string> =>
    page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await ground();
  await page.getByRole("button", { name: "Theme: As the system" }).click();
  await page.getByRole("button", { name: "Theme: Light" }).click();
  await expect(page.getByRole("button", { name: "Theme: Dark" })).toBeVisible();
  await expect.poll(ground).not.toBe(light);
  const dark = await ground();
  await page.reload();
  await expect(page.getByRole("button", { name: "Theme: Dark" })).toBeVisible();
  await expect.poll(ground).toBe(dark);
  await page.getByRole("button", { name: "Theme: Dark" }).click();
  await expect.poll(ground).toBe(light);
});

test("on a narrow screen the pages are in a drawer", async ({ page }) => {
  await page.setViewportSize({ width: 380, height: 700 });
  await expect(page.getByRole("link", { name: "System" })).toBeHidden();
  await page.getByRole("button", { name: "Menu", exact: true }).click();
  await expectAccessible(page);
  await page.getByRole("link", { name: "System" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("System");
  await expect(page.getByRole("link", { name: "Datasets" })).toBeHidden();
  await page.getByRole("button", { name: "Menu", exact: true }).click();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("link", { name: "Datasets" })).toBeHidden();
});

test("what can't be fetched is told with the id of the request", async ({ page }) => {
  await page.route("**/control/v1/cluster/all", (route) =>
    route.fulfill({
      status: 500,
      contentType: "application/problem+json",
      body: JSON.stringify({
        type: "/docs/errors#internal",
        title: "Internal error",
        status: 500,
        detail: "the disk is on fire",
        code: "internal",
        request_id: "3f1a-request",
      }),
    }),
  );
  await page.goto("/");
  await expect(page.getByRole("alert")).toContainText("The disk is on fire.");
  await expect(page.getByRole("alert")).toContainText("3f1a-request");
  await expectAccessible(page);
});

test("a server that is gone is told, and found again", async ({ page }) => {
  await page.route("**/control/**", (route) => route.abort());
  await page.goto("/");
  await expect(page.getByRole("alert")).toContainText("failed");
  await page.unroute("**/control/**");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Overview");
});

test("a page that can't be loaded any more says so", async ({ page }) => {
  await page.route("**/assets/Datasets-*.js", (route) => route.abort());
  await page.getByRole("navigation").getByRole("link", { name: "Datasets", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("The page could not be loaded");
  await page.unroute("**/assets/Datasets-*.js");
  await page.getByRole("button", { name: "Load the page again" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Datasets");
});

test("a page that does not exist says so", async ({ page }) => {
  await page.goto("/no/such/page");
  await expect(page.getByRole("heading", { name: "There is no page here" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "To the overview" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Overview");
});
