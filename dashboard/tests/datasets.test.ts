/** Datasets: uploaded, looked at, changed and deleted. */

import { chooser, dropFiles, idx, mnist, table, textFile } from "./support/files.js";
import { expectAccessible, screenshot } from "./support/look.js";
import { expect, test } from "./support/test.js";
import { visit } from "./support/visit.js";

test("MNIST is dropped packed, uploaded and looked at, by keyboard", async ({ page }) => {
  await page.goto("/datasets");
  await chooser(page).setInputFiles(mnist);
  await expect(page.getByText("10,000 images of 28 × 28")).toBeVisible();
  await expect(page.getByText("10,000 labels")).toBeVisible();
  await page.getByLabel("Name of the dataset").fill("digits to test");
  await page.keyboard.press("Enter");
  await expect(page.getByText("The dataset digits to test is ready.")).toBeVisible();
  await expect(page.getByRole("row", { name: /digits to test.*784 pixels, 10 classes/ })).toBeVisible();
  await expectAccessible(page);
  await screenshot(page, "datasets");

  await page.getByRole("link", { name: "digits to test" }).click();
  await expect(page.getByText("10,000 rows · 784 pixels, 10 classes")).toBeVisible();
  const first = page.getByRole("button", { name: "Image 1, label 7" });
  await first.focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("button", { name: "Image 2, label 2" })).toBeFocused();
  await screenshot(page, "dataset-images");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog").getByText("Label 2")).toBeVisible();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("dialog").getByText("Image 3")).toBeVisible();
  await expectAccessible(page);
  await screenshot(page, "dataset-image");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();

  await page.getByLabel("Go to row").fill("9991");
  await page.keyboard.press("Enter");
  await expect(page.getByText("9991–10000 of 10000")).toBeVisible();
  await page.reload();
  await expect(page.getByText("9991–10000 of 10000")).toBeVisible();

  await page.getByRole("tab", { name: "Columns" }).click();
  await expect(page.getByText("1,135 (11.3 %)")).toBeVisible();
  await expectAccessible(page);
  await screenshot(page, "dataset-columns");
  await expect(page.getByRole("link", { name: "Create a cluster for this" })).toHaveAttribute(
    "href",
    /^\/clusters\/new\?dataset=[-0-9a-f]{36}$/,
  );
});

test("a table is dropped on the page, looked at, downloaded, shared and deleted", async ({
  page,
  hanami,
}) => {
  await page.goto("/datasets");
  await dropFiles(page, [table("our trees.csv", 50)]);
  await expect(page.getByLabel("Name of the dataset")).toHaveValue("our trees");
  await page.getByRole("button", { name: "Upload", exact: true }).click();
  await page.getByRole("link", { name: "our trees" }).click();
  await expect(page.getByText("50 rows · 3 columns")).toBeVisible();
  await expect(page.getByRole("cell", { name: "birch" }).first()).toBeVisible();
  await page.getByRole("button", { name: "Next rows" }).click();
  await expect(page.getByText("21–40 of 50")).toBeVisible();
  await expectAccessible(page);
  await screenshot(page, "dataset-rows");

  await page.getByRole("tab", { name: "Columns" }).click();
  const tree = page.getByRole("row", { name: /tree/ });
  await expect(tree).toContainText("categories");
  await expect(page.getByRole("row", { name: /height/ })).toContainText("12.25");
  await expect(page.getByRole("row", { name: /evergreen/ })).toContainText("true or false");

  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download CSV" }).click();
  expect((await downloading).suggestedFilename()).toBe("our trees.csv");

  await page.getByRole("button", { name: "Rename or share" }).click();
  await page.getByLabel("Name", { exact: true }).fill("x");
  await expect(page.getByText("4 to 256 letters, digits, spaces and _")).toBeVisible();
  await page.getByLabel("Name", { exact: true }).fill("their trees");
  await page.getByLabel("Who may see and use it").selectOption("All members of the project");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "their trees" })).toBeVisible();
  const entry = (await hanami.datasets.list()).find(({ name }) => name === "their trees");
  expect(entry?.visibility).toBe("shared");

  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page).toHaveURL("/datasets");
  await expect(page.getByText("The dataset their trees was deleted.")).toBeVisible();
  await expect(page.getByRole("link", { name: "their trees" })).toBeHidden();
});

test("files that can't be used say why, and those that belong together find each other", async ({ page }) => {
  await page.goto("/datasets");
  await chooser(page).setInputFiles([
    textFile("notes.json", '{"a": 1}'),
    idx("a-images", [5, 8, 8]),
    idx("b-labels", [7]),
  ]);
  const wrong = page.getByRole("alert", { name: "Files that can't be used" });
  await expect(wrong.getByText("notes.json")).toBeVisible();
  await expect(wrong.getByText("Save it as CSV")).toBeVisible();
  await expect(page.getByText("5 images, but 7 labels")).toBeVisible();
  await expectAccessible(page);
  await screenshot(page, "datasets-wrong");
  await chooser(page).setInputFiles(idx("a-labels", [5]));
  await expect(page.getByText("The images are missing.")).toBeVisible();
  await expect(page.getByLabel("Name of the dataset")).toHaveCount(1);
  await page.getByRole("button", { name: "Leave out b-labels" }).click();
  await page.getByRole("button", { name: "Close the note on notes.json" }).click();
  await expect(page.getByText("notes.json")).toBeHidden();
});

const SPEEDS = { name: "speeds", table: "speed,wear\n1,2\n2,4\n" };

test("where there is no cluster, a dataset leads to a new one", async ({ browser }) => {
  await visit(browser, {}, async ({ page, hanami }) => {
    const { uuid } = await hanami.datasets.uploadCsv(SPEEDS);
    await page.goto(`/datasets/${uuid}`);
    await page.getByRole("button", { name: "Train a cluster on it" }).click();
    await expect(page.getByText("There is no cluster yet")).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("dialog").getByRole("link", { name: "Create a cluster for this" }).click();
    await expect(page).toHaveURL(`/clusters/new?dataset=${uuid}`);
  });
});

test("training begins from a dataset, and what does not fit is told", async ({ page, hanami }) => {
  const { uuid } = await hanami.datasets.uploadCsv(SPEEDS);
  await page.goto(`/datasets/${uuid}`);

  const template = (input: string): string =>
    `version: 1\nbricks:\n    1,1,1\n        input: ${input}\n        number_of_neurons: 1\n` +
    `    2,1,1\n        number_of_neurons: 5\n    3,1,1\n        output: wear\n        number_of_neurons: 1\n`;
  const fits = await hanami.clusters.create({ name: "fits well", template: template("speed") });
  await hanami.clusters.create({ name: "other bricks", template: template("colour") });
  await page.getByRole("button", { name: "Train a cluster on it" }).click();
  await page.getByLabel("Cluster", { exact: true }).selectOption("other bricks");
  await page.getByRole("button", { name: "Start" }).click();
  await expect(page.getByRole("dialog").getByRole("alert")).toContainText("colour");
  await page.getByLabel("Cluster", { exact: true }).selectOption("fits well");
  await page.getByLabel("Epochs").fill("0");
  await expect(page.getByText("Enter a whole number from 1 on.")).toBeVisible();
  await page.getByLabel("Epochs").fill("2");
  await page.getByRole("button", { name: "Start" }).click();
  await expect(page).toHaveURL(`/clusters/${fits.uuid}`);
  expect(await hanami.tasks.list(fits)).toHaveLength(1);
});

test("an address of no dataset says so", async ({ page }) => {
  for (const uuid of ["00000000-0000-4000-8000-000000000000", "nonsense"]) {
    await page.goto(`/datasets/${uuid}`);
    await expect(page.getByRole("heading", { name: "There is no such dataset" })).toBeVisible();
  }
  await expectAccessible(page);
  await page.getByRole("link", { name: "All datasets" }).click();
  await expect(page).toHaveURL("/datasets");
});

test("a server that does not answer is told, and tried again", async ({ page }) => {
  await page.route("**/control/v1/dataset/all", (route) => route.abort());
  await page.goto("/datasets");
  await expect(page.getByRole("alert").filter({ hasText: "Try again" })).toBeVisible();
  await expectAccessible(page);
  await page.unroute("**/control/v1/dataset/all");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("button", { name: "Try again" })).toBeHidden();
});
