/** Users, projects, quotas and logs; one's own profile; how to connect. */

import { expectAccessible, screenshot } from "./support/look.js";
import { expect, logIn, test } from "./support/test.js";

const password = "planted in spring";

test("a user is made, put in a project, changed, and deleted with what they own", async ({
  page,
  hanami,
  server,
  browser,
}) => {
  await hanami.projects.create({ id: "meadow", name: "The meadow" });
  await page.goto("/admin/users");
  await page.getByRole("button", { name: "New user" }).click();
  await page.getByLabel("Id", { exact: true }).fill("b!");
  await expect(page.getByText("4 to 256 letters, digits, _ and @")).toBeVisible();
  await expect(page.getByRole("button", { name: "Create" })).toBeDisabled();
  await page.getByLabel("Id", { exact: true }).fill("berta");
  await page.getByLabel("Name", { exact: true }).fill("Berta Brown");
  await page.getByLabel("Password").fill(password);
  await page.getByLabel("First project").selectOption("meadow");
  await expectAccessible(page);
  await screenshot(page, "user-new");
  await page.getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("row", { name: /berta/ })).toContainText("meadow (member)");
  await expectAccessible(page);
  await screenshot(page, "users");

  // What is refused is told in the dialog, and what was entered stays.
  await page.getByRole("button", { name: "New user" }).click();
  await page.getByLabel("Id", { exact: true }).fill("berta");
  await page.getByLabel("Name", { exact: true }).fill("Another");
  await page.getByLabel("Password").fill(password);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog").getByRole("alert")).toContainText("berta");
  await page.getByRole("button", { name: "Cancel" }).click();

  const context = await browser.newContext({ baseURL: server.address });
  const theirs = await context.newPage();
  await logIn(theirs, { user: "berta", password });
  await expect(theirs.getByRole("link", { name: "Quotas" })).toBeHidden();
  for (const path of ["users", "users/admin", "projects", "projects/admin", "quotas", "audit", "errors"]) {
    await theirs.goto(`/admin/${path}`);
    await expect(theirs.getByRole("heading", { name: "For admins only" })).toBeVisible();
  }
  await expectAccessible(theirs);
  const { datasets } = hanami;
  await theirs.goto("/profile");
  await expect(theirs.getByText("Member of the project")).toBeVisible();
  await theirs.getByLabel("Present password").fill("mistaken");
  await theirs.getByLabel("New password", { exact: true }).fill("picked in autumn");
  await theirs.getByLabel("New password again").fill("picked in summer");
  await expect(theirs.getByText("The two differ.")).toBeVisible();
  await theirs.getByLabel("New password again").fill("picked in autumn");
  await theirs.keyboard.press("Enter");
  await expect(theirs.getByText("The present password is wrong.")).toBeVisible();
  await theirs.getByLabel("Present password").fill(password);
  await theirs.keyboard.press("Enter");
  await expect(theirs.getByText("Your password was changed.")).toBeVisible();
  await expectAccessible(theirs);
  await screenshot(theirs, "profile");
  await theirs.getByRole("button", { name: "Show what is allowed" }).click();
  await expect(theirs.getByRole("row", { name: /v1\/user\/all/ })).toContainText("GET");
  // The session goes on with the new token.
  await theirs.goto("/datasets");
  await expect(theirs.getByRole("heading", { name: "No datasets yet" })).toBeVisible();
  await theirs
    .locator('input[type="file"]')
    .setInputFiles({ name: "herbs.csv", mimeType: "text/csv", buffer: Buffer.from("a,b\n1,2\n") });
  await theirs.getByRole("button", { name: "Upload", exact: true }).click();
  await expect(theirs.getByRole("link", { name: "herbs" })).toBeVisible();

  await page.getByRole("link", { name: "berta" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Berta Green");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Berta Green" })).toBeVisible();
  await page.getByRole("button", { name: "Change the place in meadow" }).click();
  await page.getByLabel("Role").fill("gardener");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("dialog").getByRole("alert")).toContainText("there are `admin`, `member`");
  await page.getByLabel("Role").fill("admin");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("row", { name: /meadow/ })).toContainText("admin");
  await expectAccessible(page);
  await screenshot(page, "user");

  await page.getByRole("button", { name: "Delete" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Delete" }).click();
  await expect(dialog.getByRole("alert")).toContainText("herbs");
  await expectAccessible(page);
  await screenshot(page, "user-delete");
  await dialog.getByRole("button", { name: "Delete with everything" }).click();
  await expect(page).toHaveURL("/admin/users");
  await expect(page.getByRole("row", { name: /berta/ })).toBeHidden();
  expect((await datasets.list()).some(({ name }) => name === "herbs")).toBe(false);
  await context.close();
});

test("a project is made, gets members and quotas, and is deleted", async ({ page, hanami }) => {
  await hanami.users.create({ id: "clara", name: "Clara", password });
  await page.goto("/admin/projects");
  await page.getByRole("button", { name: "New project" }).click();
  await page.getByLabel("Id").fill("hedge");
  await page.getByLabel("Name").fill("The hedge");
  await page.keyboard.press("Enter");
  await expect(page.getByText("The project hedge was made.")).toBeVisible();
  await expectAccessible(page);
  await screenshot(page, "projects");
  await page.getByRole("link", { name: "hedge" }).click();
  await expect(page.getByRole("heading", { name: "No members yet" })).toBeVisible();
  await page.getByRole("button", { name: "Add a member" }).click();
  await page.getByLabel("User").selectOption("clara");
  await page.getByLabel("Project admin").check();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("row", { name: /clara/ })).toContainText("yes");

  await page.getByRole("button", { name: "Change the quotas of hedge" }).click();
  await page.getByRole("textbox", { name: "Datasets and results" }).fill("much");
  await expect(page.getByText("Enter a size such as")).toBeVisible();
  await page.getByRole("textbox", { name: "Datasets and results" }).fill("5 GiB");
  await page.getByRole("textbox", { name: "Clusters" }).fill("3");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("meter", { name: "Datasets and results" })).toHaveAttribute(
    "aria-valuetext",
    "0 B of 5.0 GiB",
  );
  expect((await hanami.projects.quota("hedge")).clusters.limit).toBe(3);
  await expectAccessible(page);
  await screenshot(page, "project");

  await page.getByRole("button", { name: "Take out clara" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Take out" }).click();
  await expect(page.getByRole("heading", { name: "No members yet" })).toBeVisible();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page).toHaveURL("/admin/projects");
  await expect(page.getByRole("link", { name: "hedge" })).toBeHidden();
});

test("quotas of all projects are shown, those that are full stand out", async ({ page, hanami }) => {
  await hanami.projects.create({ id: "pots", name: "The pots" });
  await hanami.projects.setQuota("pots", { clusters: 0, datasetBytes: 5e9 });
  await page.goto("/admin/quotas");
  const pots = page.getByRole("region", { name: "pots" });
  await expect(pots.getByRole("meter", { name: "Clusters" })).toHaveAttribute("aria-valuetext", "0 of 0");
  await expectAccessible(page);
  await screenshot(page, "quotas");
});

test("the audit log is shown page by page, of all or of one", async ({ page, hanami }) => {
  const { uuid } = await hanami.clusters.create({ name: "to be renamed" });
  for (let turn = 0; turn < 101; turn++) {
    await hanami.clusters.update(uuid, { name: `renamed ${String(turn)}` });
  }
  await page.goto("/admin/audit");
  await expect(page.getByRole("row")).toHaveCount(101);
  await expectAccessible(page);
  await screenshot(page, "audit");
  await page.getByRole("button", { name: "Next rows" }).click();
  await expect(page.getByText(/^101–/)).toBeVisible();
  await page.reload();
  await expect(page.getByText(/^101–/)).toBeVisible();
  await page.getByLabel("User").fill("nobody");
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page.getByText("Nothing of nobody is logged.")).toBeVisible();
  await page.goto("/admin/audit?page=99");
  await page.getByRole("button", { name: "To the newest rows" }).click();
  await expect(page.getByRole("row")).toHaveCount(101);
});

test("the error log names requests, which can be copied", async ({ page, context }) => {
  await page.goto("/admin/errors");
  await expect(page.getByRole("heading", { name: "No errors" })).toBeVisible();
  await expectAccessible(page);
  const row = [
    "2026-11-24 09:30:00",
    "anna",
    "POST /control/v1/cluster",
    "0f9d2c5e-8a43-4c61-9d1f-6a2f7c1f0b55",
    "",
    "no space left on device",
  ];
  const header = ["timestamp", "user_id", "component", "context", "input_values", "message"];
  await page.route("**/control/v1/error_log?*", (route) => route.fulfill({ json: { header, body: [row] } }));
  await page.reload();
  await expect(page.getByRole("row", { name: /no space left/ })).toBeVisible();
  await expectAccessible(page);
  await screenshot(page, "errors");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Copy" }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(row[3]);
});

test("addresses of no user and no project say so", async ({ page }) => {
  await page.goto("/admin/users/nobody");
  await expect(page.getByRole("heading", { name: "There is no such user" })).toBeVisible();
  await page.goto("/admin/projects/no-project");
  await expect(page.getByRole("heading", { name: "There is no such project" })).toBeVisible();
  await expectAccessible(page);
});

for (const path of ["users", "projects", "quotas", "audit", "errors"]) {
  test(`a server that does not answer is told on the page ${path}`, async ({ page }) => {
    await page.route("**/control/v1/{user,project}/all", (route) => route.abort());
    await page.route("**/control/v1/*_log?*", (route) => route.abort());
    await page.goto(`/admin/${path}`);
    await expect(page.getByRole("alert")).toBeVisible();
    await page.unrouteAll();
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(page.getByRole("alert")).toBeHidden();
  });
}

test("the page connect shows this server's address in every language", async ({ page, server }) => {
  await page.getByRole("navigation").getByRole("link", { name: "Connect", exact: true }).click();
  for (const language of ["curl", "Python", "Go", "JavaScript", "hanamictl"]) {
    await page.getByRole("tab", { name: language }).click();
    const code = page.getByRole("region", { name: `Example for ${language}` });
    await expect(code).toContainText(server.address);
  }
  await page.getByRole("tab", { name: "curl" }).press("Home");
  await expect(page.getByRole("tab", { name: "curl" })).toBeFocused();
  await expectAccessible(page);
  await screenshot(page, "connect");
});
