/** The playground: draw or type, see what the cluster says and why, and teach it. */

import { DIGITS, trainedCluster, uploadDigits } from "./support/digits.js";
import { draw, ONE, pad, SEVEN } from "./support/drawing.js";
import { expectAccessible, screenshot } from "./support/look.js";
import { expect, test } from "./support/test.js";
import { NOWHERE, visit } from "./support/visit.js";

test("a drawn digit is read, explained and taught, over HTTP and over the websocket", async ({
  page,
  hanami,
}) => {
  const dataset = await uploadDigits(hanami, "played digits", 2000);
  const cluster = await trainedCluster(hanami, "playful reader", dataset);
  await page.goto(`/playground/${cluster}`);
  await expect(page.getByText("Draw something, and the answer shows here.")).toBeVisible();
  await expect(page.getByText("Over HTTP")).toBeVisible();
  await expect(page.getByRole("button", { name: "It is 7" })).toBeDisabled();
  await draw(page, ONE);
  await expect(page.getByTestId("headline")).toHaveText("1");
  await page.getByRole("button", { name: "Clear" }).click();
  await draw(page, SEVEN);
  await expect(page.getByTestId("headline")).toHaveText("7");
  await page.getByLabel("Show what each input contributed").check();
  await expect(page.getByText(/The rest, .* comes from no input/)).toBeVisible();
  await expect(page.getByRole("option", { name: "the answer (7)" })).toBeAttached();
  await expectAccessible(page);
  await screenshot(page, "playground");

  // A reload keeps the drawing, and what is shown of it.
  await page.reload();
  await expect(page.getByTestId("headline")).toHaveText("7");
  await expect(page.getByLabel("Show what each input contributed")).toBeChecked();

  await page.getByLabel("Answers live connections").click();
  await expect(page.getByText("Live over the websocket")).toBeVisible();
  await expect(page.getByTestId("headline")).toHaveText("7");
  const steps = async (): Promise<number> => (await hanami.clusters.get(cluster)).network?.steps ?? 0;
  const before = await steps();
  await page.getByRole("button", { name: "It is 4" }).click();
  const entry = page.getByText(/^4: said 7 .* after one lesson$/);
  await expect(entry).toBeVisible();
  expect(await steps()).toBe(before + 1);

  await page.getByLabel("Repeat until it answers so").check();
  await page.getByRole("button", { name: "It is 2" }).click();
  const repeated = page.getByText(/^2: said .* now 2 .* after/);
  await expect(repeated).toBeVisible();
  await expect(page.getByTestId("headline")).toHaveText("2");
  const lessons = Number(/after (\d+) lessons/.exec((await repeated.textContent()) ?? "")?.[1] ?? "1");
  expect(lessons).toBeLessThanOrEqual(20);
  expect(await steps()).toBe(before + 1 + lessons);
  await page.reload();
  await expect(entry).toBeVisible();
  await expectAccessible(page);
});

test("a digit is drawn with the keyboard", async ({ page, hanami }) => {
  const dataset = await uploadDigits(hanami, "typed digits", 1000);
  const cluster = await trainedCluster(hanami, "typed reader", dataset);
  await page.goto(`/playground/${cluster}`);
  await pad(page).focus();
  await page.keyboard.press("Space");
  await expect(page.getByTestId("headline")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).press("Enter");
  await expect(page.getByTestId("headline")).toBeHidden();
  await pad(page).focus();
  for (let step = 0; step < 7; step += 1) {
    await page.keyboard.press("ArrowUp");
  }
  for (let step = 0; step < 14; step += 1) {
    await page.keyboard.press("Shift+ArrowDown");
  }
  await expect(page.getByTestId("headline")).toHaveText("1");
});

test("a sample of a dataset is shown as it is", async ({ page, hanami }) => {
  const dataset = await uploadDigits(hanami, "sampled digits", 600);
  const cluster = await trainedCluster(hanami, "sampled reader", dataset);
  await page.goto(`/playground/${cluster}`);
  await page.getByLabel("A sample from a dataset").selectOption("sampled digits");
  await page.getByRole("button", { name: "Take a sample" }).click();
  await expect(page.getByText(/This is row \d+, a \d\./)).toBeVisible();
  await expect(page.getByTestId("headline")).toBeVisible();
});

test("a row of numbers is typed, pasted, answered and taught", async ({ page, hanami }) => {
  const template =
    "version: 1\nbricks:\n  1,1,1\n    input: terms\n    number_of_neurons: 2\n  2,1,1\n    number_of_neurons: 20\n  3,1,1\n    output: total\n    number_of_neurons: 1\n";
  const { uuid } = await hanami.clusters.create({ name: "calculator", template });
  const inputs = Array.from({ length: 400 }, (_, i) => [i % 7, i % 5]);
  await hanami.clusters.learn(uuid, { terms: inputs }, { total: inputs.map(([a = 0, b = 0]) => [a + b]) });
  await page.goto(`/playground/${uuid}`);
  await expect(page.getByText("Fill in the values, and the answer shows here.")).toBeVisible();
  await page.getByLabel("terms 1").fill("3");
  await page.getByLabel("terms 2").fill("4");
  await expect(page.getByTestId("headline")).toBeVisible();
  await page.getByLabel("Show what each input contributed").check();
  await expect(page.getByRole("list", { name: "Largest contributions" }).getByRole("listitem")).toHaveCount(
    2,
  );
  await expectAccessible(page);
  await screenshot(page, "playground-row");

  await page.getByLabel("Or paste a row").fill("1,2,3");
  await page.getByRole("button", { name: "Use this row" }).click();
  await expect(page.getByText("These are 3 values; 2 are needed.")).toBeVisible();
  await page.getByLabel("Or paste a row").fill("6; 4");
  await page.getByRole("button", { name: "Use this row" }).click();
  await expect(page.getByLabel("terms 1")).toHaveValue("6");

  await page.getByRole("button", { name: "Learn" }).click();
  await expect(page.getByText("Enter a number for each output.")).toBeVisible();
  await page.getByLabel("total 1").fill("10");
  await page.getByRole("button", { name: "Learn" }).click();
  await expect(page.getByText(/^10: said .* now/)).toBeVisible();
});

test("an empty cluster leads to the checkpoints", async ({ page, hanami }) => {
  const { uuid } = await hanami.clusters.create({ name: "hollow reader" });
  await page.goto(`/playground/${uuid}`);
  await page.getByRole("link", { name: "To the cluster" }).click();
  await expect(page.getByRole("tab", { name: "Checkpoints" })).toHaveAttribute("aria-selected", "true");
});

test("a cluster that does not exist is told in words", async ({ page }) => {
  await page.goto(`/playground/${NOWHERE}`);
  await expect(page.getByRole("alert")).toContainText("Request");
});

test("a server that stops while one plays is told", async ({ browser }) => {
  await visit(browser, {}, async ({ page, hanami, server }) => {
    const { uuid } = await hanami.clusters.create({ name: "lonely player", template: DIGITS });
    await hanami.clusters.setMode(uuid, "DIRECT");
    await page.goto(`/playground/${uuid}`);
    await expect(page.getByText("Live over the websocket")).toBeVisible();
    await draw(page, ONE);
    await expect(page.getByTestId("headline")).toBeVisible();
    await server.stop();
    await draw(page, SEVEN);
    await expect(page.getByRole("alert").first()).toContainText("connection");
  });
});
