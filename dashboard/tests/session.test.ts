/** Logging in and out, and what keeps and ends a session. */

import { admin, startServer } from "./support/server.js";
import { expect, logIn, test } from "./support/test.js";

const member = { user: "anna", password: "planted in spring" };

test("a wrong password is told in words", async ({ stranger }) => {
  await stranger.getByRole("button", { name: "Log in" }).click();
  await expect(stranger.getByText("Enter a user and a password.")).toBeVisible();
  await stranger.getByLabel("User").fill(admin.user);
  await stranger.getByLabel("Password").fill("mistaken");
  await stranger.keyboard.press("Enter");
  await expect(stranger.getByText("User or password are wrong.")).toBeVisible();
  await expect(stranger.getByLabel("Password")).toHaveAttribute("aria-invalid", "true");
  await expect(stranger).toHaveURL("/login");
});

test("a log-in leads to where one wanted to go, and a reload loses nothing", async ({ stranger }) => {
  await stranger.goto("/checkpoints?sort=name");
  await expect(stranger).toHaveURL("/login?back=%2Fcheckpoints%3Fsort%3Dname");
  await stranger.getByLabel("User").fill(admin.user);
  await stranger.getByLabel("Password").fill(admin.password);
  await stranger.keyboard.press("Enter");
  await expect(stranger.getByRole("heading", { level: 1 })).toHaveText("Checkpoints");
  await expect(stranger).toHaveURL("/checkpoints?sort=name");
  await stranger.reload();
  await expect(stranger.getByRole("heading", { level: 1 })).toHaveText("Checkpoints");
});

test("logging out ends the session", async ({ page }) => {
  await page.getByRole("button", { name: "Log out" }).click();
  await expect(page).toHaveURL("/login");
  await page.goto("/datasets");
  await expect(page.getByLabel("Password")).toBeVisible();
});

test("a log-in that fails after the password is told, and can be repeated", async ({ stranger }) => {
  await stranger.route(/\/auth$/, (route) => route.abort());
  await stranger.getByLabel("User").fill(admin.user);
  await stranger.getByLabel("Password").fill(admin.password);
  await stranger.keyboard.press("Enter");
  await expect(stranger.getByRole("alert")).toBeVisible();
  await stranger.unroute(/\/auth$/);
  await stranger.getByRole("button", { name: "Log in" }).click();
  await expect(stranger.getByRole("heading", { level: 1 })).toHaveText("Overview");
});

test("a log-in works without the list of projects", async ({ stranger }) => {
  await stranger.route(/\/user\/project/, (route) => route.abort());
  await stranger.getByLabel("User").fill(admin.user);
  await stranger.getByLabel("Password").fill(admin.password);
  await stranger.keyboard.press("Enter");
  await expect(stranger.getByRole("heading", { level: 1 })).toHaveText("Overview");
});

test("a session whose token expires ends with a word, and goes on where it was", async ({ browser }) => {
  const server = await startServer({ HANAMI_TOKEN_LIFETIME_SECONDS: "6" });
  const context = await browser.newContext({ baseURL: server.address });
  try {
    const page = await context.newPage();
    await logIn(page);
    await page.getByRole("navigation").getByRole("link", { name: "API" }).click();
    await expect(page.getByText("Your session has ended.")).toBeVisible();
    await expect(page).toHaveURL("/login?back=%2Fapi");
    await page.getByLabel("User").fill(admin.user);
    await page.getByLabel("Password").fill(admin.password);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("API");
  } finally {
    await context.close();
    await server.stop();
  }
});

test("a token that the server does not take any more ends the session", async ({ page }) => {
  await page.evaluate(() => {
    sessionStorage.setItem("hanami.token", "no.token.atall");
  });
  await page.goto("/system");
  await expect(page.getByText("Your session has ended.")).toBeVisible();
  await expect(page).toHaveURL("/login?back=%2Fsystem");
});

test("a user switches between their projects, and sees no pages of admins", async ({
  hanami,
  browser,
  server,
}) => {
  const { users, projects } = hanami;
  await projects.create({ id: "garden", name: "The garden" });
  await projects.create({ id: "orchard", name: "The orchard" });
  await users.create({ id: member.user, name: "Anna", password: member.password });
  for (const projectId of ["garden", "orchard"]) {
    await users.assignProject(member.user, { projectId, role: "member", isProjectAdmin: false });
  }
  const context = await browser.newContext({ baseURL: server.address });
  const page = await context.newPage();
  await logIn(page, member);
  await expect(page.getByText("Hello Anna, this is the project garden.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Quotas" })).toBeHidden();
  await page.getByLabel("Project").selectOption("orchard");
  await expect(page.getByText("You now work in the project orchard.")).toBeVisible();
  await expect(page.getByText("Hello Anna, this is the project orchard.")).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("Project")).toHaveValue("orchard");
  await page.goto("/admin/users");
  await expect(page.getByRole("heading", { name: "For admins only" })).toBeVisible();
  await context.close();
});

test("a log-out is not undone by a switch of the project that is answered later", async ({
  page,
  hanami,
}) => {
  await hanami.projects.create({ id: "paddock", name: "The paddock" });
  await hanami.users.assignProject(admin.user, {
    projectId: "paddock",
    role: "member",
    isProjectAdmin: false,
  });
  await page.reload();
  let letOn: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    letOn = resolve;
  });
  await page.route(/\/token$/, async (route) => {
    const response = await route.fetch();
    await held;
    await route.fulfill({ response });
  });
  await page.getByLabel("Project").selectOption("paddock");
  await page.getByRole("button", { name: "Log out" }).click();
  await expect(page).toHaveURL("/login");
  const answered = page.waitForResponse(/\/token$/);
  letOn();
  await (await answered).finished();
  await page.unroute(/\/token$/);
  await page.goto("/datasets");
  await expect(page.getByLabel("Password")).toBeVisible();
});

test("what a user leaves in the tab is for them only", async ({ page, hanami }) => {
  const other = { user: "benno", password: "gathered in autumn" };
  await hanami.projects.create({ id: "copse", name: "The copse" });
  await hanami.users.create({ id: other.user, name: "Benno", password: other.password });
  await hanami.users.assignProject(other.user, { projectId: "copse", role: "member", isProjectAdmin: false });
  const change = async (to: { user: string; password: string }): Promise<void> => {
    await page.getByRole("button", { name: "Log out" }).click();
    await expect(page).toHaveURL("/login");
    await logIn(page, to);
    await page.goto("/clusters/new");
  };
  await page.goto("/clusters/new");
  await page.getByLabel("Name").fill("a secret plan");
  await change(admin);
  await expect(page.getByLabel("Name")).toHaveValue("a secret plan");
  await change(other);
  await expect(page.getByLabel("Name")).toHaveValue("");
});
