/** Clusters: the list, a new one from a template that is checked as one types, and what one is made of. */

import type { Page } from "@playwright/test";

import { expectAccessible, screenshot } from "./support/look.js";
import { expect, test } from "./support/test.js";

const TEMPLATE = `version: 1
bricks:
    1,1,1
        input: speed
        number_of_neurons: 4
    2,1,1
        number_of_neurons: 64
    3,1,1
        output: wear
        number_of_neurons: 1
`;

const editor = (page: Page) => page.getByRole("textbox", { name: "Template" });

/** The picture is drawn: it has the label of a brick. */
async function expectPictured(page: Page, name: string): Promise<void> {
  await expect(page.getByRole("application").getByText(name, { exact: true })).toBeVisible();
}

async function openNew(page: Page): Promise<void> {
  await page.getByRole("navigation").getByRole("link", { name: "Clusters", exact: true }).click();
  await page.getByRole("link", { name: "New cluster" }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: "New cluster" })).toBeVisible();
}

test("a cluster is made from an example, and shows what it is made of", async ({ page, hanami }) => {
  await openNew(page);
  await page.getByLabel("Name").fill("digit reader");
  await page.getByRole("button", { name: "Handwritten digits" }).click();
  await expect(page.getByText("Valid: 3 bricks.").first()).toBeVisible();
  await expectPictured(page, "pixels");
  await expectAccessible(page);
  await screenshot(page, "cluster-new");

  await page.getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "digit reader" })).toBeVisible();
  await expect(page).toHaveTitle("digit reader · Hanami");
  await expectPictured(page, "pixels");
  const bricks = page.getByRole("table", { name: "Each brick" });
  await expect(bricks.getByRole("row")).toHaveCount(4);
  await expect(bricks.getByRole("row", { name: /digit.*10 of 10/ })).toBeVisible();
  await expect(editor(page)).toHaveAttribute("aria-readonly", "true");
  const found = (await hanami.clusters.list()).find(({ name }) => name === "digit reader");
  await expect(page).toHaveURL(`/clusters/${found?.uuid ?? ""}`);
  await expectAccessible(page);
  await screenshot(page, "cluster-details");
});
