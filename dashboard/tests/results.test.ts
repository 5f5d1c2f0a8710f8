/** Results: how good answers are, where they are wrong, and the files of it. */

import { readFile } from "node:fs/promises";

import { trainedCluster, uploadDigits } from "./support/digits.js";
import { expectAccessible, screenshot } from "./support/look.js";
import { expect, test } from "./support/test.js";
import { NOWHERE, visit } from "./support/visit.js";

test("without results, the page tells how to get one", async ({ browser }) => {
  await visit(browser, {}, async ({ page, server }) => {
    await page.goto("/results");
    await expect(page.getByRole("heading", { name: "No results yet" })).toBeVisible();
    await expectAccessible(page);
    await server.stop();
    await page.getByRole("navigation").getByRole("link", { name: "Clusters", exact: true }).click();
    await page.getByRole("navigation").getByRole("link", { name: "Results" }).click();
    await expect(page.getByRole("alert").first()).toContainText(/connection|went wrong/);
  });
});

test("answers to digits have a matrix, classes and pictures of the mistakes", async ({ page, hanami }) => {
  const learned = await uploadDigits(hanami, "learned digits", 600);
  const asked = await uploadDigits(hanami, "asked digits", 400, 2000);
  const cluster = await trainedCluster(hanami, "examined reader", learned);
  await page.goto(`/clusters/${cluster}`);
  await page.getByRole("button", { name: "Ask about a dataset" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Dataset").selectOption("asked digits");
  await form.getByLabel("Name").fill("final exam");
  await form.getByRole("button", { name: "Ask", exact: true }).click();
  await page.getByRole("link", { name: "See the result" }).click();

  // The tab knows what was asked about, so that nobody has to choose it.
  await expect(page.getByRole("heading", { level: 1, name: "final exam" })).toBeVisible();
  await expect(page.getByLabel("Compare with")).toHaveValue(asked);
  const task = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  const score = await hanami.datasets.check({ result: task, dataset: asked });
  await expect(page.getByText(`${score.accuracy.toFixed(1)} %`).first()).toBeVisible();
  const mistakes = page.getByRole("region", { name: "Worst mistakes" });
  await expect(mistakes.getByRole("img").first()).toBeVisible();
  await expect(mistakes).toContainText("that were surest");
  await expect(page.getByRole("table", { name: "Classes" }).getByRole("row")).toHaveCount(11);
  await expectAccessible(page);
  await screenshot(page, "result");

  // The matrix is walked with the keyboard, and a cell shows its samples.
  const matrix = page.getByRole("grid");
  const right = score.confusion?.[0]?.[0] ?? 0;
  await matrix.getByRole("button", { name: `${right} of class 0 answered as 0` }).focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  const ones = score.confusion?.[1]?.[1] ?? 0;
  await expect(matrix.getByRole("button", { name: `${ones} of class 1 answered as 1` })).toBeFocused();
  await page.keyboard.press("Enter");
  const chosen = page.getByRole("region", { name: "Samples of class 1 answered as 1" });
  await expect(chosen.getByRole("img")).toHaveCount(Math.min(ones, 24));
  await chosen.getByRole("button", { name: "Show all mistakes" }).click();
  await expect(mistakes).toBeVisible();

  const csv = page.waitForEvent("download");
  await page.getByRole("button", { name: "CSV" }).click();
  expect(await readFile(await (await csv).path(), "utf8")).toMatch(/^row,value,digit_0/);
  const json = page.waitForEvent("download");
  await page.getByRole("button", { name: "JSON" }).click();
  const kept = JSON.parse(await readFile(await (await json).path(), "utf8")) as { score: unknown };
  expect(kept.score).toEqual(score);

  // Another dataset does not fit, which is told in words.
  await page.getByLabel("Compare with").selectOption("learned digits");
  await expect(page.getByRole("alert")).toContainText("Request");
});

test("answers to numbers have errors, a plot and the rows that are farthest off", async ({
  page,
  hanami,
}) => {
  const rows = Array.from({ length: 300 }, (_, i) => String(Math.round(100 * Math.sin(i / 9)) / 100));
  const table = new TextEncoder().encode(["wave", ...rows].join("\n"));
  const { uuid: dataset } = await hanami.datasets.uploadCsv({ name: "waves", table });
  const template =
    "version: 1\nbricks:\n  1,1,1\n    input: past\n    number_of_neurons: 10\n  2,1,1\n    number_of_neurons: 20\n  3,1,1\n    output: wave\n    number_of_neurons: 1\n";
  const { uuid: cluster } = await hanami.clusters.create({ name: "surfer", template });
  const mapping = { type: "window", inputs: { past: "wave" }, outputs: { wave: "wave" } } as const;
  await hanami.tasks.wait(
    await hanami.tasks.create({ name: "waves lesson", type: "train", cluster, dataset, mapping, epochs: 5 }),
  );
  const ask = await hanami.tasks.create({ name: "tide", type: "request", cluster, dataset, mapping });
  await hanami.tasks.wait(ask);
  await page.goto("/results");
  await page.getByRole("link", { name: "tide" }).click();
  await page.getByLabel("Compare with").selectOption("waves");
  await expect(page.getByText("Mean absolute error")).toBeVisible();
  await expect(page.getByRole("img", { name: "Right and answered values" })).toBeVisible();
  const worst = page.getByRole("table", { name: "Worst mistakes" });
  await expect(worst.getByRole("row")).toHaveCount(25);
  await expectAccessible(page);
  await screenshot(page, "result-numbers");
});

test("a result is renamed and deleted", async ({ page, hanami }) => {
  const dataset = await uploadDigits(hanami, "short digits", 50);
  const cluster = await trainedCluster(hanami, "short reader", dataset);
  await hanami.tasks.wait(await hanami.tasks.create({ name: "draft", type: "request", cluster, dataset }));
  await page.goto("/results");
  await expectAccessible(page);
  await screenshot(page, "results");
  const dialog = page.getByRole("dialog");
  await page.getByRole("button", { name: "Rename draft" }).click();
  await dialog.getByLabel("Name").fill("last version");
  await dialog.getByRole("button", { name: "Rename" }).click();
  await page.getByRole("button", { name: "Delete last version" }).click();
  await dialog.getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("link", { name: "last version" })).toBeHidden();
});

test("a result that does not exist is told in words", async ({ page }) => {
  await page.goto(`/results/${NOWHERE}`);
  await expect(page.getByRole("alert")).toContainText("Request");
});
