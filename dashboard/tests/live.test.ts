/** A cluster's live view: its curve while it learns, its tasks, its mode. */

import type { Hanami } from "hanami-sdk";

import { DIGITS, trainedCluster, uploadDigits } from "./support/digits.js";
import { expectAccessible, screenshot } from "./support/look.js";
import { expect, test } from "./support/test.js";
import { NOWHERE, visit } from "./support/visit.js";

/** A training that does not end while a test looks at it. */
async function endlessTraining(hanami: Hanami, name: string): Promise<string> {
  const dataset = await uploadDigits(hanami, `${name} digits`, 1000);
  const { uuid } = await hanami.clusters.create({ name, template: DIGITS });
  await hanami.tasks.create({ name: "endless", type: "train", cluster: uuid, dataset, epochs: 1000 });
  return uuid;
}

test("a training is started, watched, and still there after a reload", async ({ page, hanami }) => {
  const name = "watched reader";
  await uploadDigits(hanami, "watched digits", 3000);
  const { uuid } = await hanami.clusters.create({ name, template: DIGITS });
  await page.goto(`/clusters/${uuid}`);
  await expect(page.getByRole("heading", { name: "It has not learned yet" })).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("button", { name: "Train", exact: true }).click();
  const form = page.getByRole("dialog", { name: "Train the cluster" });
  await form.getByLabel("Dataset").selectOption("");
  await form.getByRole("button", { name: "Start training" }).click();
  await expect(form.getByRole("alert")).toHaveText("Choose a dataset.");
  await form.getByLabel("Dataset").selectOption("watched digits");
  await form.getByLabel("Name").fill("first lesson");
  await form.getByLabel("Epochs").fill("0");
  await form.getByRole("button", { name: "Start training" }).click();
  await expect(form.getByRole("alert")).toHaveText("Enter a whole number from 1 to 1,000.");
  await form.getByLabel("Epochs").fill("3");
  await form.getByLabel("Held out for validation").selectOption("10 %");
  await expectAccessible(page);
  await form.getByRole("button", { name: "Start training" }).press("Enter");
  await expect(form).toBeHidden();

  const tasks = page.getByRole("region", { name: "Tasks" });
  await expect(tasks.getByText("first lesson")).toBeVisible();
  await expect(tasks.getByText("finished", { exact: true })).toBeVisible();
  await expect(tasks.getByText(/of held-out samples right/)).toBeVisible();
  const curve = page.getByRole("img", { name: "Learning curve: accuracy" });
  await expect(curve).toBeVisible();
  await expect(page.getByRole("table", { name: "Learning curve: accuracy, as a table" })).toContainText(
    "8.1K",
  );
  await expect(page.getByRole("row", { name: /^digit/ })).toContainText("%");
  await expectAccessible(page);
  await screenshot(page, "cluster-live");

  await page.reload();
  await expect(curve).toBeVisible();
  await expect(tasks.getByText("first lesson")).toBeVisible();
});

test("the curve can be read with the keyboard", async ({ page, hanami }) => {
  const dataset = await uploadDigits(hanami, "read digits", 500);
  const uuid = await trainedCluster(hanami, "read reader", dataset);
  await hanami.tasks.wait(
    await hanami.tasks.create({
      name: "more of it",
      type: "train",
      cluster: uuid,
      dataset,
      validationShare: 0.2,
    }),
  );
  await page.goto(`/clusters/${uuid}`);
  const curve = page.getByRole("img", { name: "Learning curve: accuracy" });
  await expect(page.getByText("held-out samples", { exact: true }).first()).toBeVisible();
  await curve.focus();
  await page.keyboard.press("End");
  await expect(page.getByRole("status").filter({ hasText: "held-out samples" })).toHaveText(
    /900 samples learned: while learning [\d.]+ %, held-out samples [\d.]+ %/,
  );
});

test("a training that runs is aborted, one that waits is cancelled", async ({ page, hanami }) => {
  const uuid = await endlessTraining(hanami, "aborted reader");
  const [running] = await hanami.tasks.list(uuid);
  // By name: there are those of other tests too.
  const dataset = (await hanami.datasets.list()).find(({ name }) => name === "aborted reader digits");
  await hanami.tasks.create({ name: "patient", type: "train", cluster: uuid, dataset: dataset?.uuid ?? "" });
  await page.goto(`/clusters/${uuid}`);
  const tasks = page.getByRole("region", { name: "Tasks" });
  await expect(tasks.getByRole("progressbar")).toBeVisible();
  await expect(tasks.getByText(/epoch \d+, .* of 1,000,000 samples, .* left/)).toBeVisible();
  await expect(tasks.getByText("waits for its turn")).toBeVisible();

  await tasks.getByRole("button", { name: "Cancel" }).click();
  const confirm = page.getByRole("dialog");
  await expect(confirm).toContainText("It will not be done.");
  await confirm.getByRole("button", { name: "Cancel the task" }).click();
  await expect(tasks.getByText("waits for its turn")).toBeHidden();

  await tasks.getByRole("button", { name: "Abort" }).click();
  await expectAccessible(page);
  await confirm.getByRole("button", { name: "Abort" }).click();
  await expect(tasks.getByRole("progressbar")).toBeHidden();
  const left = async (): Promise<string[]> => (await hanami.tasks.list(uuid)).map(({ state }) => state);
  await expect.poll(left).not.toContain("active");
  expect(await left()).not.toContain("queued");
  expect(running?.state).not.toBe("finished");
});

test("the mode is changed, but not while tasks wait", async ({ page, hanami }) => {
  const uuid = await endlessTraining(hanami, "busy reader");
  await page.goto(`/clusters/${uuid}`);
  await expect(page.getByRole("progressbar")).toBeVisible();
  await page.getByLabel("Answers live connections").click();
  const refusal = page.getByRole("alert");
  await expect(refusal).toContainText(/task/);
  await expect(refusal).toContainText("Request");
  await expect(page.getByLabel("Works through tasks")).toBeChecked();

  for (const task of await hanami.tasks.list(uuid)) {
    await hanami.tasks.delete(task);
  }
  await page.getByLabel("Answers live connections").click();
  await expect(page.getByRole("button", { name: "Train", exact: true })).toBeDisabled();
  await expect(refusal).toBeHidden();
  await expect.poll(async () => (await hanami.clusters.get(uuid)).mode).toBe("DIRECT");
});

test("a table is learned through a mapping of its columns", async ({ page, hanami }) => {
  const rows = Array.from({ length: 200 }, (_, i) => `${i % 7},${i % 5},${(i % 7) + (i % 5)}`);
  const table = new TextEncoder().encode(["first,second,sum", ...rows].join("\n"));
  await hanami.datasets.uploadCsv({ name: "sums", table });
  const template =
    "version: 1\nbricks:\n  1,1,1\n    input: terms\n    number_of_neurons: 2\n  2,1,1\n    number_of_neurons: 20\n  3,1,1\n    output: total\n    number_of_neurons: 1\n";
  const { uuid } = await hanami.clusters.create({ name: "adder", template });
  await page.goto(`/clusters/${uuid}`);
  await page.getByRole("button", { name: "Train", exact: true }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Dataset").selectOption("sums");
  await form.getByLabel("Columns").selectOption("Choose columns for each brick, read row by row");
  const terms = form.getByRole("group", { name: "terms (2 values)" });
  await terms.getByLabel("first").check();
  await form.getByRole("button", { name: "Start training" }).click();
  await expect(form.getByRole("alert")).toContainText("terms");
  await terms.getByLabel("second").check();
  await form.getByRole("group", { name: "total (1 values)" }).getByLabel("sum").check();
  await form.getByRole("button", { name: "Start training" }).click();
  await expect(form).toBeHidden();
  await expect(page.getByText("finished", { exact: true })).toBeVisible();
  await expect(page.getByRole("img", { name: "Learning curve: error" })).toBeVisible();
});

test("a cluster that does not exist is told in words", async ({ page }) => {
  await page.goto(`/clusters/${NOWHERE}`);
  await expect(page.getByRole("alert")).toContainText(NOWHERE);
  await expect(page.getByRole("alert")).toContainText("Request");
  await expectAccessible(page);
});

test("a server that stops is told, and what was seen stays", async ({ browser }) => {
  await visit(browser, {}, async ({ page, hanami, server }) => {
    const dataset = await uploadDigits(hanami, "digits", 300);
    const uuid = await trainedCluster(hanami, "lonely reader", dataset);
    await page.goto(`/clusters/${uuid}`);
    await expect(page.getByRole("img", { name: "Learning curve: accuracy" })).toBeVisible();
    await server.stop();
    await expect(page.getByRole("alert").first()).toContainText("connection");
    await expect(page.getByRole("img", { name: "Learning curve: accuracy" })).toBeVisible();
  });
});

test("a token that expires ends the live view, and a log-in leads back to it", async ({ browser }) => {
  await visit(browser, { HANAMI_TOKEN_LIFETIME_SECONDS: "8" }, async ({ page, hanami }) => {
    const { uuid } = await hanami.clusters.create({ name: "reader", template: DIGITS });
    await page.goto(`/clusters/${uuid}?tab=checkpoints`);
    await expect(page.getByRole("button", { name: "Save the cluster" })).toBeVisible();
    await expect(page.getByText("Your session has ended.")).toBeVisible();
    await expect(page).toHaveURL(`/login?back=${encodeURIComponent(`/clusters/${uuid}?tab=checkpoints`)}`);
  });
});
