/** The overview, of a server where something goes on. */

import { expectAccessible, screenshot } from "./support/look.js";
import { expect, logIn, test } from "./support/test.js";
import { admin, startServer } from "./support/server.js";
import { Hanami } from "hanami-sdk";

const TEMPLATE = `version: 1
bricks:
    1,1,1
        input: speed
        number_of_neurons: 4
    2,1,1
        number_of_neurons: 200
    3,1,1
        output: wear
        number_of_neurons: 1
`;

test("the overview shows what goes on, and what to do next", async ({ browser }) => {
  const server = await startServer();
  const context = await browser.newContext({ baseURL: server.address });
  try {
    const page = await context.newPage();
    await logIn(page);
    await expect(page.getByText("No task is queued or running.")).toBeVisible();
    await page.getByRole("link", { name: "Upload a dataset" }).click();
    await expect(page).toHaveURL("/datasets");
    await page.goBack();

    const hanami = await Hanami.connect(server.address, admin);
    const rows = Array.from({ length: 50_000 }, (_, row) => `${row % 97},${(row * 3) % 31}\n`);
    const dataset = await hanami.datasets.uploadCsv({
      name: "speeds",
      table: `speed,wear\n${rows.join("")}`,
    });
    await expect(page.getByRole("link", { name: "1 Datasets" })).toBeVisible();
    const cluster = await hanami.clusters.create({ name: "wear of machines", template: TEMPLATE });
    const task = { name: "learn", type: "train", cluster, dataset, epochs: 1000 } as const;
    const training = await hanami.tasks.create(task);
    await hanami.tasks.create(task);
    await expect(page.getByRole("progressbar", { name: "A task of wear of machines" })).toBeVisible();
    await expect(page.getByText("running", { exact: true })).toBeVisible();
    await expect(page.getByText("queued", { exact: true })).toBeVisible();
    await expect(page.getByText(/of 49,997,000 samples/)).toBeVisible();
    await expectAccessible(page);
    await screenshot(page, "overview-at-work");

    await page.getByRole("link", { name: "wear of machines" }).first().click();
    await expect(page).toHaveURL(`/clusters/${cluster.uuid}?tab=live`);
    await hanami.tasks.delete(training);
  } finally {
    await context.close();
    await server.stop();
  }
});
