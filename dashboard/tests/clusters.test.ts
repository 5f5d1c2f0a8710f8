/** Clusters: the list, and what one is made of. */

import { expectAccessible, screenshot } from "./support/look.js";
import { editor, expectPictured, TEMPLATE } from "./support/templates.js";
import { expect, test } from "./support/test.js";

test("the list tells what clusters do, renames and deletes them", async ({ page, hanami }) => {
  const { uuid } = await hanami.clusters.create({ name: "wear guesser", template: TEMPLATE });
  const rival = await hanami.clusters.create({ name: "rival" });
  await page.getByRole("navigation").getByRole("link", { name: "Clusters", exact: true }).click();
  const row = page.getByRole("row", { name: /wear guesser/ });
  await expect(row).toContainText("its owner");
  await expect(row).toContainText("tasks");
  await expect(row).toContainText("idle");
  await expect(page.getByRole("row", { name: /rival/ })).toContainText("waits for a checkpoint");
  await expectAccessible(page);
  await screenshot(page, "clusters-list");

  await row.getByRole("button", { name: "Rename or share wear guesser" }).click();
  const dialog = page.getByRole("dialog", { name: "Rename or share" });
  await dialog.getByLabel("Name").fill("rival");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByLabel("Name")).toHaveAttribute("aria-invalid", "true");
  await expect(dialog.getByRole("alert")).toContainText("rival");
  await expectAccessible(page);
  await dialog.getByLabel("Name").fill("wear teller");
  await dialog.getByLabel("Who may see and use it").selectOption("shared");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("row", { name: /wear teller/ })).toContainText("the project");
  expect(await hanami.clusters.get(uuid)).toMatchObject({ name: "wear teller", visibility: "shared" });

  await page.getByRole("button", { name: "Delete wear teller" }).click();
  const confirm = page.getByRole("dialog", { name: "Delete wear teller?" });
  await expectAccessible(page);
  await confirm.getByRole("button", { name: "Delete" }).click();
  await expect(confirm).toBeHidden();
  await expect(page.getByRole("row", { name: /wear teller/ })).toBeHidden();
  await hanami.clusters.delete(rival);
});

test("a cluster that another one deleted says so when it is deleted once more", async ({ page, hanami }) => {
  const cluster = await hanami.clusters.create({ name: "short lived" });
  await page.goto("/clusters");
  await page.getByRole("button", { name: "Delete short lived" }).click();
  await hanami.clusters.delete(cluster);
  const confirm = page.getByRole("dialog", { name: "Delete short lived?" });
  await confirm.getByRole("button", { name: "Delete" }).click();
  await expect(confirm.getByRole("alert")).toContainText("Request");
});

test("a list that can't be loaded says why, and is loaded when the server is back", async ({ page }) => {
  await page.route("**/control/v1/cluster/all", (route) => route.abort());
  await page.getByRole("navigation").getByRole("link", { name: "Clusters", exact: true }).click();
  const note = page.getByRole("alert");
  await expect(note).toBeVisible();
  await expectAccessible(page);
  await page.unroute("**/control/v1/cluster/all");
  await note.getByRole("button", { name: "Try again" }).click();
  await expect(note).toBeHidden();
});

test("a cluster shows what it is made of and how it grows", async ({ page, hanami }) => {
  const cluster = await hanami.clusters.create({ name: "grower", template: TEMPLATE });
  await page.goto(`/clusters/${cluster.uuid}?tab=details`);
  await expect(page.getByRole("heading", { level: 1, name: "grower" })).toBeVisible();
  await expectPictured(page, "speed");
  const bricks = page.getByRole("table", { name: "Each brick" });
  await expect(bricks.getByRole("row")).toHaveCount(4);
  await expect(bricks.getByRole("row", { name: /speed/ })).toContainText("4 of 4");
  await expect(editor(page)).toHaveAttribute("aria-readonly", "true");
  await expect(editor(page)).toContainText("number_of_neurons: 64");

  const rows = Array.from({ length: 64 }, (_, index) => [index % 3, index % 5, index % 7, 1]);
  await hanami.clusters.learn(
    cluster,
    rows,
    rows.map(([a = 0, b = 0, c = 0]) => [a + b * c]),
  );
  const steps = page.locator("dl", { hasText: "Steps trained" }).locator("dd").first();
  await expect(steps).toHaveText("64");
  await expectAccessible(page);
  await screenshot(page, "cluster-details");
  await hanami.clusters.delete(cluster);
});

test("an empty cluster says what to do next", async ({ page, hanami }) => {
  const cluster = await hanami.clusters.create({ name: "empty one" });
  await page.goto(`/clusters/${cluster.uuid}`);
  await expect(page.getByRole("heading", { name: "An empty cluster" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page).toHaveURL("/clusters");
});

test("a cluster that does not exist is told in words, with the request", async ({ page }) => {
  await page.goto("/clusters/9a1c0f6e-0000-4000-8000-000000000000");
  await expect(page.getByRole("alert")).toContainText("Request");
  await expectAccessible(page);
});
