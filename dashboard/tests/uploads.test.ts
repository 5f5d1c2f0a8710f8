/** Uploads: paused, interrupted, taken up after a reload, refused. */

import type { Page } from "@playwright/test";

import { chooser, table, textFile } from "./support/files.js";
import { expectAccessible, screenshot } from "./support/look.js";
import { admin, startServer } from "./support/server.js";
import { expect, logIn, test } from "./support/test.js";

const PIECES = "**/control/v1/dataset/file*";

/** Larger than two of the pieces that uploads are sent in, by decimals and not by rows, which take longer. */
const large = table("forest.csv", 80_000, 100);

/** Lets the first piece through, and no other until the returned function is called. */
async function holdBack(page: Page, then: "hang" | "abort"): Promise<() => Promise<void>> {
  let passed = false;
  await page.route(PIECES, async (route) => {
    if (!passed) {
      passed = true;
      await route.continue();
    } else if (then === "abort") {
      await route.abort();
    }
  });
  return () => page.unroute(PIECES);
}

async function begin(page: Page): Promise<void> {
  await page.goto("/datasets");
  await chooser(page).setInputFiles(large);
  await page.getByRole("button", { name: "Upload", exact: true }).click();
  await expect(page.getByText(/^4\.\d MiB of/)).toBeVisible();
}

test("an upload is paused and goes on", async ({ page }) => {
  const letOn = await holdBack(page, "hang");
  await begin(page);
  await expect(page.getByText("uploading")).toBeVisible();
  await screenshot(page, "datasets-upload");
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByText("paused")).toBeVisible();
  await expectAccessible(page);
  await letOn();
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByText("The dataset forest is ready.")).toBeVisible();
  await expect(page.getByRole("cell", { name: "80,000" }).first()).toBeVisible();
});

test("an upload whose connection breaks goes on by itself, also while one looks elsewhere", async ({
  page,
}) => {
  const letOn = await holdBack(page, "abort");
  await begin(page);
  await expect(page.getByText("interrupted", { exact: true })).toBeVisible();
  await expect(page.getByText("It is tried again by itself.")).toBeVisible();
  await page.getByRole("navigation").getByRole("link", { name: "System" }).click();
  await letOn();
  await expect(page.getByText("The dataset forest is ready.")).toBeVisible();
});

test("an upload goes on after a reload, when the same file is dropped again", async ({ page, hanami }) => {
  page.on("dialog", (dialog) => void dialog.accept());
  const letOn = await holdBack(page, "hang");
  await begin(page);
  await page.reload();
  await letOn();
  await expect(page.getByText("Drop forest.csv again to go on.")).toBeVisible();
  await expect(page.getByText(/^4\.\d MiB of/)).toBeVisible();
  await expectAccessible(page);
  await screenshot(page, "datasets-begun");

  await chooser(page).setInputFiles(textFile("forest.csv", "a,b\n1,2\n"));
  await expect(page.getByText("forest.csv is not the file whose upload was begun")).toBeVisible();
  await page.getByRole("button", { name: "Leave out forest.csv" }).click();

  const sent: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/dataset/file")) {
      sent.push(request.headers()["content-range"] ?? "");
    }
  });
  await chooser(page).setInputFiles(large);
  await expect(page.getByText("The dataset forest is ready.")).toBeVisible();
  expect(sent.length).toBeGreaterThan(0);
  expect(
    sent.filter((range) => range.startsWith("bytes 0-")),
    "what arrived is not sent again",
  ).toEqual([]);
  const entries = await hanami.datasets.list();
  expect(entries.filter(({ name }) => name === "forest").length).toBeGreaterThan(0);
});

test("an upload of which all has arrived is finished after a reload without its file", async ({ page }) => {
  page.on("dialog", (dialog) => void dialog.accept());
  await page.route("**/control/v1/csv/dataset", (route) =>
    route.request().method() === "PUT" ? undefined : route.continue(),
  );
  await page.goto("/datasets");
  await chooser(page).setInputFiles(table("copse.csv", 10));
  await page.getByRole("button", { name: "Upload", exact: true }).click();
  await expect(page.getByText("All has arrived. The server reads it…")).toBeVisible();
  await page.reload();
  await page.unroute("**/control/v1/csv/dataset");
  await page.getByRole("button", { name: "Finish" }).click();
  await expect(page.getByText("The dataset copse is ready.")).toBeVisible();
});

test("a table with a mistake is refused with its line, which a reload keeps", async ({ page }) => {
  await page.goto("/datasets");
  await chooser(page).setInputFiles(textFile("broken.csv", "speed,wear\n1,2\n3\n4,5\n"));
  await page.getByRole("button", { name: "Upload", exact: true }).click();
  const card = page.getByRole("article", { name: "Upload of broken" });
  await expect(card.getByRole("alert")).toContainText("Line 3");
  await expect(card.getByText("Request")).toBeVisible();
  await expectAccessible(page);
  await screenshot(page, "datasets-refused");
  await page.reload();
  await expect(card.getByRole("alert")).toContainText("Line 3");
  await card.getByRole("button", { name: "Remove" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(card).toBeHidden();
});

test("several tables are uploaded at once", async ({ page }) => {
  await page.goto("/datasets");
  const names = ["first", "second", "third", "fourth"];
  await chooser(page).setInputFiles(names.map((name) => table(`${name} wood.csv`, 20)));
  await page.getByRole("button", { name: "Upload all" }).click();
  for (const name of names) {
    await expect(page.getByRole("link", { name: `${name} wood` })).toBeVisible();
  }
});

test("a quota that is exceeded is told", async ({ browser }) => {
  const server = await startServer({ HANAMI_PROJECT_DATASET_BYTES: "1000" });
  const context = await browser.newContext({ baseURL: server.address });
  try {
    const page = await context.newPage();
    await logIn(page, admin);
    await page.goto("/datasets");
    await chooser(page).setInputFiles(table("too large.csv", 500));
    await page.getByRole("button", { name: "Upload", exact: true }).click();
    await expect(page.getByRole("alert").filter({ hasText: "1000" })).toBeVisible();
    // It can be uploaded once there is room.
    await expect(page.getByLabel("Name of the dataset")).toHaveValue("too large");
    await expectAccessible(page);
  } finally {
    await context.close();
    await server.stop();
  }
});

test("an upload survives the end of the session", async ({ page }) => {
  const letOn = await holdBack(page, "hang");
  await begin(page);
  await page.getByRole("button", { name: "Log out" }).click();
  await expect(page).toHaveURL("/login");
  await letOn();
  await page.getByLabel("User").fill(admin.user);
  await page.getByLabel("Password").fill(admin.password);
  await page.keyboard.press("Enter");
  await page.getByRole("navigation").getByRole("link", { name: "Datasets", exact: true }).click();
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByText("The dataset forest is ready.")).toBeVisible();
});
