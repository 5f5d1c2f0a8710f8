/** The machine, and the interface of the server. */

import { expectAccessible, screenshot } from "./support/look.js";
import { expect, test } from "./support/test.js";

test("the system is shown as it changes", async ({ page }) => {
  await page.goto("/system");
  const chart = page.getByRole("img", { name: /^Processor\./ });
  await expect(chart).toBeVisible();
  await expect(page.getByRole("table", { name: "Threads" })).toContainText("tokio");
  await expect(page.getByText(/GiB/).first()).toBeVisible();
  const table = page.getByRole("table", { name: "Memory, as a table" });
  await expect(table.getByRole("row")).not.toHaveCount(2);
  await chart.focus();
  await page.keyboard.press("End");
  await expect(page.getByText(/now time: Cores used by the server/)).toBeAttached();
  await expectAccessible(page);
  await page.evaluate(() => {
    (document.activeElement as HTMLElement).blur();
  });
  await screenshot(page, "system");
});

test("a server that tells no metrics still has a page", async ({ page }) => {
  await page.route("**/metrics", (route) => route.fulfill({ status: 404, body: "" }));
  await page.goto("/system");
  await expect(page.getByText("The server tells no metrics").first()).toBeVisible();
  await expect(page.getByRole("table", { name: "Threads" })).toBeVisible();
});

test("a role that may not see the machine is told so", async ({ page }) => {
  const detail = "the role member may not GET v1/system_info";
  const problem = { type: "/docs/errors#forbidden", title: "No", status: 401, code: "forbidden", detail };
  await page.route("**/control/v1/system_info", (route) =>
    route.fulfill({ status: 401, contentType: "application/problem+json", body: JSON.stringify(problem) }),
  );
  await page.goto("/system");
  await expect(page.getByRole("heading", { name: "Not for your role" })).toBeVisible();
});

test("the API page leads to the description of the interface", async ({ page, context }) => {
  await page.goto("/api");
  await expect(page.getByRole("region", { name: "A first request" })).toContainText("/control/v1/token");
  const opened = context.waitForEvent("page");
  await page.getByRole("link", { name: "Open the API browser" }).click();
  const browser = await opened;
  await expect(browser.getByRole("heading", { name: /Hanami/ })).toBeVisible();
  for (const link of ["Open openapi.json", "Open the list of errors"]) {
    const href = await page.getByRole("link", { name: link }).getAttribute("href");
    expect((await page.request.get(href ?? "")).status(), link).toBe(200);
  }
});
