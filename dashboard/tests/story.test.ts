/**
 * The whole story, by mouse and keyboard: upload handwritten digits, make a cluster, train it and watch,
 * check it on digits that it has not seen, draw one, and teach it.
 */

import type { Page } from "@playwright/test";

import { digits } from "./support/digits.js";
import { draw, SEVEN } from "./support/drawing.js";
import { screenshot } from "./support/look.js";
import { expect, test } from "./support/test.js";

async function go(page: Page, name: string): Promise<void> {
  await page.getByRole("navigation").getByRole("link", { name, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
}

/** Chooses the two files of some digits, names them as one dataset, and uploads it. */
async function upload(page: Page, name: string, count: number, from: number): Promise<void> {
  const { images, labels } = await digits(count, from);
  const choosing = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Choose files" }).press("Enter");
  await (
    await choosing
  ).setFiles([
    { name: `${name}-images.idx3-ubyte`, mimeType: "application/octet-stream", buffer: Buffer.from(images) },
    { name: `${name}-labels.idx1-ubyte`, mimeType: "application/octet-stream", buffer: Buffer.from(labels) },
  ]);
  await page.getByLabel("Name of the dataset").fill(name);
  await page.getByRole("button", { name: "Upload", exact: true }).click();
  await expect(page.getByText(`The dataset ${name} is ready.`)).toBeVisible();
}

test("somebody lets a cluster learn to read digits", async ({ page }) => {
  // Upload.
  await go(page, "Datasets");
  await upload(page, "lessons", 4000, 0);
  await upload(page, "exercises", 500, 10_000);

  // Create.
  await go(page, "Clusters");
  await page.getByRole("link", { name: "New cluster" }).first().click();
  await page.getByRole("button", { name: "Handwritten digits" }).click();
  await page.getByLabel("Name").fill("pupil of the story");
  await expect(page.getByText("Valid: 3 bricks.").last()).toBeVisible();
  await page.getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "pupil of the story" })).toBeVisible();

  // Train, by the keyboard.
  await page.getByRole("button", { name: "Train", exact: true }).press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Dataset").selectOption("lessons");
  await dialog.getByLabel("Name").fill("school");
  await dialog.getByLabel("Epochs").fill("2");
  await page.keyboard.press("Enter");

  // Watch.
  const tasks = page.getByRole("region", { name: "Tasks" });
  await expect(tasks.getByText("school")).toBeVisible();
  await expect(tasks.getByText("finished", { exact: true })).toBeVisible();
  await expect(page.getByRole("img", { name: "Learning curve: accuracy" })).toBeVisible();
  await screenshot(page, "story-trained");

  // Check.
  await page.getByRole("button", { name: "Ask about a dataset" }).click();
  await dialog.getByLabel("Dataset").selectOption("exercises");
  await dialog.getByLabel("Name").fill("examination");
  await dialog.getByRole("button", { name: "Ask", exact: true }).click();
  await page.getByRole("link", { name: "See the result" }).click();
  // The page before shows an accuracy as well: that of the training.
  await expect(page.getByRole("heading", { level: 1, name: "examination" })).toBeVisible();
  const accuracy = page.getByText(/^[\d.]+ %$/).first();
  await expect.poll(async () => Number.parseFloat((await accuracy.textContent()) ?? "0")).toBeGreaterThan(80);
  await expect(page.getByRole("region", { name: "Worst mistakes" }).getByRole("img").first()).toBeVisible();

  // Draw a digit.
  await go(page, "Clusters");
  await page.getByRole("link", { name: "pupil of the story" }).click();
  await page.getByRole("link", { name: "Playground" }).click();
  await page.getByLabel("Answers live connections").check();
  await expect(page.getByText("Live over the websocket")).toBeVisible();
  await draw(page, SEVEN);
  await expect(page.getByTestId("headline")).toHaveText("7");
  await page.getByLabel("Show what each input contributed").check();
  await expect(page.getByText(/comes from no input/)).toBeVisible();

  // Teach.
  await page.getByRole("button", { name: "It is 7" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByText(/^7: said 7 .* now 7/)).toBeVisible();
  await screenshot(page, "story-taught");
});
