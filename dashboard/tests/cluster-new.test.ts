/** A new cluster: from a template that is checked as one types, from a checkpoint, or empty. */

import type { Page } from "@playwright/test";
import type { Hanami } from "hanami-sdk";

import { expectAccessible, screenshot } from "./support/look.js";
import { editor, expectPictured, picture, TEMPLATE } from "./support/templates.js";
import { expect, test } from "./support/test.js";

async function open(page: Page): Promise<void> {
  await page.getByRole("navigation").getByRole("link", { name: "Clusters", exact: true }).click();
  await page.getByRole("link", { name: "New cluster" }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: "New cluster" })).toBeVisible();
}

/** Writes at the end of the template, as one types. */
async function writeAtEnd(page: Page, ...lines: string[]): Promise<void> {
  await editor(page).click();
  await page.keyboard.press("Control+End");
  for (const [index, line] of lines.entries()) {
    if (index > 0) {
      await page.keyboard.press("Enter");
    }
    await page.keyboard.type(line);
    await page.keyboard.press("Escape");
  }
}

async function names(hanami: Hanami): Promise<string[]> {
  return (await hanami.clusters.list()).map(({ name }) => name);
}

test("an example is changed and made a cluster, by the keyboard alone", async ({ page, hanami }) => {
  await open(page);
  await page.getByLabel("Name").fill("digit reader");
  await page.getByRole("button", { name: "Handwritten digits" }).press("Enter");
  await expect(page.getByText("Valid: 3 bricks.").last()).toBeVisible();
  await expectPictured(page, "pixels");
  await expectAccessible(page);
  await screenshot(page, "cluster-new");

  // A second inner brick: the editor indents what is below a position.
  await writeAtEnd(page, "    2,2,1", "number_of_neurons: 50");
  await expect(page.getByText("Valid: 4 bricks.").last()).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(editor(page)).not.toBeFocused();
  await page.getByRole("button", { name: "Create" }).press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "digit reader" })).toBeVisible();
  await expect(page).toHaveTitle("digit reader · Hanami");
  const made = (await hanami.clusters.list()).find(({ name }) => name === "digit reader");
  await expect(page).toHaveURL(`/clusters/${made?.uuid ?? ""}`);
  expect((await hanami.clusters.get(made?.uuid ?? "")).bricks).toHaveLength(4);

  // What was made is no draft any more.
  await page.goto("/clusters/new");
  await expect(page.getByLabel("Name")).toHaveValue("");
});

test("a mistake is shown at its place while the last valid bricks stay", async ({ page }) => {
  await open(page);
  await page.getByRole("button", { name: "Table", exact: true }).click();
  await expect(page.getByText("Valid: 3 bricks.").last()).toBeVisible();
  await writeAtEnd(page, "    9,9,9", "number_of_neurons: 5");
  const note = page.getByRole("region", { name: "Mistake in the template" });
  await expect(note).toContainText("9,9,9");
  await expect(note).toContainText("^");
  await expect(page.getByText(/^Line \d+: .*touches no other brick/).first()).toBeVisible();
  await expect(editor(page)).toHaveAttribute("aria-invalid", "true");
  await expect(page.locator(".cm-lintRange-error")).toHaveText("9,9,9");
  await expect(page.getByText("The picture shows the last valid template.")).toBeVisible();
  await expectPictured(page, "features");
  await expectAccessible(page);
  await screenshot(page, "cluster-new-mistake");

  await page.getByRole("button", { name: "Create" }).click();
  await expect(page.getByLabel("Name")).toBeFocused();
  await expect(page.getByText("Give the cluster a name.")).toBeVisible();
  await page.getByLabel("Name").fill("misplaced");
  await page.getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("alert")).toContainText("Request");
  await expect(page).toHaveURL("/clusters/new");
});

test("keys are completed and explained", async ({ page }) => {
  await open(page);
  await writeAtEnd(page, "version: 1", "settings:", "");
  await page.keyboard.type("exp");
  await expect(page.getByRole("option", { name: /experience/ })).toBeVisible();
  await expect(page.getByText(/to rehearse them/)).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Tab");
  await expect(editor(page)).toContainText("    experience: ");
  await page.keyboard.type("10");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+BracketLeft");
  await page.keyboard.type("bricks:");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+Space");
  await page.getByRole("option", { name: /output brick/ }).click();
  await expect(editor(page)).toContainText("1,1,1");
  await expect(editor(page)).toContainText("output: name");
});

test("a reload loses nothing", async ({ page }) => {
  await open(page);
  await page.getByLabel("Name").fill("half written");
  await writeAtEnd(page, "version: 1", "bricks:", "# more to come");
  await page.reload();
  await expect(page.getByLabel("Name")).toHaveValue("half written");
  await expect(editor(page)).toContainText("# more to come");
});

test("a name that is taken is told at the name", async ({ page, hanami }) => {
  const cluster = await hanami.clusters.create({ name: "taken name", template: TEMPLATE });
  await open(page);
  await page.getByRole("radio", { name: /Nothing/ }).check();
  await page.getByLabel("Name").fill("taken name");
  await page.getByRole("button", { name: "Create" }).click();
  await expect(page.getByLabel("Name")).toBeFocused();
  await expect(page.getByLabel("Name")).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByRole("alert")).toContainText("taken name");
  await expectAccessible(page);
  await page.getByLabel("Name").fill("free name");
  await page.getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "free name" })).toBeVisible();
  expect(await names(hanami)).toContain("free name");
  await hanami.clusters.delete(cluster);
});

test("a template is checked again when the server is back", async ({ page }) => {
  await open(page);
  await page.route("**/control/v1/template/check", (route) => route.abort());
  await page.getByRole("button", { name: "Time series" }).click();
  const note = page.getByRole("alert");
  await expect(note).toBeVisible();
  await expectAccessible(page);
  await page.unroute("**/control/v1/template/check");
  await note.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("Valid: 3 bricks.").last()).toBeVisible();
  await expectPictured(page, "load");

  await page.route("**/control/v1/cluster", (route) => route.abort());
  await page.getByLabel("Name").fill("never made");
  await page.getByRole("button", { name: "Create" }).click();
  await expect(note).toBeVisible();
  await expect(page.getByLabel("Name")).toHaveValue("never made");
});

test("a cluster begins with a checkpoint", async ({ page, hanami }) => {
  const cluster = await hanami.clusters.create({ name: "first reader", template: TEMPLATE });
  const task = await hanami.clusters.save(cluster, "first reading");
  await hanami.tasks.wait(task);
  await open(page);
  await page.getByLabel("Name").fill("second reader");
  await page.getByRole("radio", { name: /^A checkpoint/ }).check();
  await page.getByRole("button", { name: "Create" }).click();
  await expect(page.getByText("Choose a checkpoint.")).toBeVisible();
  await page.getByLabel("Checkpoint", { exact: true }).selectOption("first reading");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "second reader" })).toBeVisible();
  await expectPictured(page, "speed");
  await hanami.clusters.delete(cluster);
});

test("a template is fitted to a table", async ({ page, hanami }) => {
  const rows = Array.from(
    { length: 30 },
    (_, row) => `${row % 7},${row % 2 === 0 ? "red" : "blue"},${row % 3}`,
  );
  const table = new TextEncoder().encode(["age,colour,wear", ...rows, ""].join("\n"));
  await hanami.datasets.uploadCsv({ name: "engines", table });
  await open(page);
  await page.getByRole("button", { name: "Fit to a dataset …" }).click();
  const dialog = page.getByRole("dialog", { name: "Fit to a dataset" });
  await dialog.getByLabel("Dataset").selectOption("engines");
  await expect(dialog.getByLabel("Column to predict")).toHaveValue("wear");
  await dialog.getByLabel("Column to predict").selectOption("colour");
  await expectAccessible(page);
  await screenshot(page, "cluster-new-fit");
  await dialog.getByRole("button", { name: "Use this template" }).click();
  await expect(page.getByText("Valid: 3 bricks.").last()).toBeVisible();
  await expectPictured(page, "colour");
  await expect(picture(page)).toContainText("output · 2 values");
});

test("the picture is turned, zoomed and read without a mouse, and drawn only when it changes", async ({
  page,
}) => {
  await open(page);
  await page.getByRole("button", { name: "Several inputs" }).click();
  await expectPictured(page, "camera");
  const place = (): Promise<string> =>
    picture(page)
      .getByText("camera", { exact: true })
      .evaluate((label) => label.parentElement?.style.transform ?? "");
  const first = await place();
  await picture(page).focus();
  await page.keyboard.press("ArrowLeft");
  await expect.poll(place).not.toBe(first);
  await page.keyboard.press("+");
  await page.keyboard.press("0");
  await expect.poll(place).toBe(first);
  await page.getByRole("button", { name: "Zoom in" }).click();
  await expect.poll(place).not.toBe(first);

  const frames = await page.evaluate(async () => {
    let drawn = 0;
    const original: unknown = Reflect.get(WebGL2RenderingContext.prototype, "drawElementsInstanced");
    const counting = function (this: unknown, ...all: unknown[]): void {
      drawn += 1;
      Reflect.apply(original as () => void, this, all);
    };
    Reflect.set(WebGL2RenderingContext.prototype, "drawElementsInstanced", counting);
    const wait = (milliseconds: number): Promise<void> =>
      new Promise((resolve) => setTimeout(resolve, milliseconds));
    await wait(400);
    const idle = drawn;
    document.documentElement.dataset["theme"] = "dark";
    for (let turn = 0; turn < 100 && drawn === idle; turn += 1) {
      await wait(100);
    }
    return { idle, changed: drawn - idle };
  });
  expect(frames.idle).toBe(0);
  expect(frames.changed).toBeGreaterThan(0);

  await page.getByText("Show as a table").click();
  const table = page.getByRole("table", { name: "The bricks" });
  await expect(table.getByRole("row", { name: /action/ })).toContainText("inner 2,1,1");
});

test("without WebGL, the bricks are told by a table", async ({ page }) => {
  await page.addInitScript(() => {
    const original = Reflect.get(HTMLCanvasElement.prototype, "getContext") as (...all: unknown[]) => unknown;
    Reflect.set(
      HTMLCanvasElement.prototype,
      "getContext",
      function (this: unknown, kind: string, ...rest: unknown[]) {
        return kind.startsWith("webgl") ? null : original.call(this, kind, ...rest);
      },
    );
  });
  await page.goto("/clusters/new");
  await page.getByRole("button", { name: "Several inputs" }).click();
  await expect(page.getByText(/can't draw the 3-D picture/)).toBeVisible();
  await expect(page.getByRole("table", { name: "The bricks" }).getByRole("row")).toHaveCount(6);
  await expectAccessible(page);
});
