/** Checkpoints: saved, restored, made clusters of, down- and uploaded, renamed, deleted. */

import { readFile } from "node:fs/promises";

import { DIGITS, trainedCluster, uploadDigits } from "./support/digits.js";
import { expectAccessible, screenshot } from "./support/look.js";
import { expect, test } from "./support/test.js";
import { visit } from "./support/visit.js";

test("without checkpoints, the page tells how to get one", async ({ browser }) => {
  await visit(browser, {}, async ({ page, server }) => {
    await page.goto("/checkpoints");
    await expect(page.getByRole("heading", { name: "No checkpoints yet" })).toBeVisible();
    await expect(page.getByRole("link", { name: "To the clusters" })).toBeVisible();
    await server.stop();
    await page.getByRole("navigation").getByRole("link", { name: "Results" }).click();
    await page.getByRole("navigation").getByRole("link", { name: "Checkpoints" }).click();
    await expect(page.getByRole("alert").first()).toContainText(/connection|went wrong/);
  });
});

test("a cluster is saved, taught, and restored", async ({ page, hanami }) => {
  const dataset = await uploadDigits(hanami, "saved digits", 300);
  const uuid = await trainedCluster(hanami, "saved reader", dataset);
  await page.goto(`/clusters/${uuid}?tab=checkpoints`);
  await page.getByRole("button", { name: "Save the cluster" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("ab");
  await dialog.getByRole("button", { name: "Save", exact: true }).click();
  await expect(dialog.getByRole("alert")).toContainText("4 to 256 letters");
  await dialog.getByLabel("Name").fill("before the exam");
  await dialog.getByLabel("Name").press("Enter");
  await expect(page.getByText("before the exam was saved.")).toBeVisible();
  const row = page.getByRole("row").filter({ hasText: "before the exam" });
  await expect(row).toBeVisible();

  await hanami.tasks.wait(
    await hanami.tasks.create({ name: "more of it", type: "train", cluster: uuid, dataset }),
  );
  await row.getByRole("button", { name: "Restore" }).click();
  await expect(dialog).toContainText("What it has learned since is lost.");
  await dialog.getByRole("button", { name: "Restore" }).click();
  await expect(page.getByText("before the exam was restored.")).toBeVisible();
  expect((await hanami.clusters.get(uuid)).network?.steps).toBe(300);
});

test("a checkpoint becomes a file, a file a checkpoint, and that a cluster", async ({ page, hanami }) => {
  const { uuid } = await hanami.clusters.create({ name: "copied reader", template: DIGITS });
  await hanami.tasks.wait(await hanami.clusters.save(uuid, "original copy"));
  await page.goto("/checkpoints");
  await expectAccessible(page);
  await screenshot(page, "checkpoints");

  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download original copy" }).click();
  const path = await (await saved).path();
  await page.getByRole("button", { name: "Upload" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Upload" }).click();
  await expect(dialog.getByText("Choose a file.")).toBeVisible();
  await dialog
    .getByLabel("File")
    .setInputFiles({ name: "no checkpoint.txt", mimeType: "text/plain", buffer: Buffer.from("hello") });
  await expect(dialog.getByLabel("Name")).toHaveValue("no checkpoint");
  await dialog.getByRole("button", { name: "Upload" }).click();
  await expect(dialog.getByText("Request", { exact: false })).toBeVisible();
  await dialog
    .getByLabel("File")
    .setInputFiles({ name: "x.hanami", mimeType: "application/octet-stream", buffer: await readFile(path) });
  await dialog.getByLabel("Name").fill("second copy");
  await dialog.getByRole("button", { name: "Upload" }).click();
  await expect(page.getByText("second copy was uploaded.")).toBeVisible();

  const row = page.getByRole("row").filter({ hasText: "second copy" });
  await row.getByRole("button", { name: "New cluster" }).click();
  await dialog.getByLabel("Name").fill("copied reader");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(dialog.getByRole("alert")).toContainText("copied reader");
  await dialog.getByLabel("Name").fill("another reader");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "another reader" })).toBeVisible();
});

test("a checkpoint is renamed, restored into a chosen cluster, and deleted", async ({ page, hanami }) => {
  const { uuid } = await hanami.clusters.create({ name: "kept reader", template: DIGITS });
  await hanami.tasks.wait(await hanami.clusters.save(uuid, "temporary"));
  const { uuid: other } = await hanami.clusters.create({ name: "empty reader" });
  await page.goto("/checkpoints");
  await page.getByRole("button", { name: "Rename temporary" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("Name")).toHaveValue("temporary");
  await dialog.getByLabel("Name").fill("permanent");
  await page.keyboard.press("Enter");
  const row = page.getByRole("row").filter({ hasText: "permanent" });
  await row.getByRole("button", { name: "Restore" }).click();
  await dialog.getByRole("button", { name: "Restore" }).click();
  await expect(dialog.getByRole("alert")).toHaveText("Choose a cluster.");
  await dialog.getByLabel("Cluster").selectOption("empty reader");
  await dialog.getByRole("button", { name: "Restore" }).click();
  await expect(page.getByText("permanent was restored.")).toBeVisible();
  expect((await hanami.clusters.get(other)).bricks).toHaveLength(3);
  await page.getByRole("button", { name: "Delete permanent" }).click();
  await dialog.getByRole("button", { name: "Delete" }).click();
  await expect(row).toBeHidden();
});
