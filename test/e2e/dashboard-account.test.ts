import { afterAll, beforeAll, expect, test } from "vitest";
import { expectNoProblems, openSignedIn, type Site, startSite, waitUntilLive } from "../support/dashboard.ts";
import { pushAll } from "../support/push.ts";
import { debuggingSession } from "../support/sample-sessions.ts";
import { createKey, createUser } from "../support/server.ts";
import { until } from "../support/until.ts";

let site: Site;

beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site?.stop());

/** Status of a push with a key. */
const pushStatus = async (key: string) => {
  const answer = await fetch(`${site.server.url}/sync/session`, {
    method: "POST",
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
    body: JSON.stringify({ externalId: "ses_key_test" }),
  });
  return answer.status;
};

test("a wrong password and an unknown account are refused with the same words", async () => {
  const tab = await site.browser.open(site.server.url);
  await tab.page.goto("/");
  const refusals: string[] = [];
  for (const email of [site.user.email, "nobody@example.com"]) {
    await tab.page.getByLabel("E-mail").fill(email);
    await tab.page.getByLabel("Password").fill("wrong password");
    await tab.page.getByRole("button", { name: "Sign in" }).click();
    refusals.push(await tab.page.getByRole("alert").innerText());
    await tab.page.reload();
  }
  expect(refusals).toEqual(["E-mail or password is wrong.", "E-mail or password is wrong."]);
  await tab.close();
});

test("a key of version 1 is imported, and the client that holds it goes on working", async () => {
  const key = `osk_${"k3yOfVersion1".repeat(3)}`;
  expect(await pushStatus(key)).toBe(401);
  const tab = await openSignedIn(site, await createUser(site.server), { path: "/settings/keys" });
  await tab.page.getByRole("button", { name: "Generate API Key" }).click();
  await tab.page.getByRole("textbox", { name: "Name" }).fill("old laptop");
  await tab.page.getByText("Use a key that a client already has").click();
  await tab.page.getByLabel("Existing key").fill(key);
  expect(await tab.accessibilityProblems()).toEqual([]);
  await tab.screenshot("key-import");
  await tab.page.getByRole("button", { name: "Generate", exact: true }).click();
  await tab.page.getByRole("row").filter({ hasText: "old laptop" }).getByText("active").waitFor();
  expect(await pushStatus(key)).toBe(200);
  expectNoProblems(tab);
  await tab.close();
});

test("a key is generated, works, and stops working at once when it is revoked", async () => {
  const tab = await openSignedIn(site, await createUser(site.server), { path: "/settings/keys" });
  const { page } = tab;
  await page.getByText("No keys yet").waitFor();
  await page.getByRole("button", { name: "Generate API Key" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("work laptop");
  await page.getByLabel("Expires").selectOption({ label: "In 30 days" });
  expect(await tab.accessibilityProblems()).toEqual([]);
  await tab.screenshot("key-generate");
  await page.getByRole("button", { name: "Generate", exact: true }).click();
  const key = await page.getByLabel("API key", { exact: true }).inputValue();

  await page.getByRole("button", { name: "I have saved it" }).click();
  const row = page.getByRole("row").filter({ hasText: "work laptop" });
  await row.getByText("active").waitFor();
  await row.getByText("never", { exact: true }).waitFor();
  expect(await page.content()).not.toContain(key);
  expect(await pushStatus(key)).toBe(200);
  await page.reload();
  await row.getByText("active").waitFor();
  expect(await row.getByText("never", { exact: true }).count()).toBe(0);
  expect(await row.innerText()).toContain(`${key.slice(0, 10)}…`);
  expect(await row.innerText()).toMatch(/sync[\s\S]*until/);

  await row.getByRole("button", { name: "Revoke work laptop" }).click();
  const question = page.getByRole("alertdialog");
  await question.getByText("stops syncing at once").waitFor();
  await question.getByRole("button", { name: "Cancel" }).and(page.locator(":focus")).waitFor();
  expect(await tab.accessibilityProblems()).toEqual([]);
  await question.getByRole("button", { name: "Cancel" }).click();
  expect(await pushStatus(key)).toBe(200);

  await row.getByRole("button", { name: "Revoke work laptop" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke key" }).click();
  await page.getByText("The key is revoked").waitFor();
  await row.getByText("revoked").waitFor();
  await until("the revoked key is refused", async () => (await pushStatus(key)) === 401);
  expectNoProblems(tab);
  await tab.close();
});

test("a full key says that it can read", async () => {
  const tab = await openSignedIn(site, site.user, { path: "/settings/keys" });
  await tab.page.getByRole("button", { name: "Generate API Key" }).click();
  await tab.page.getByRole("textbox", { name: "Name" }).fill("exporter");
  await tab.page.getByRole("radio", { name: /full/ }).check();
  await tab.page.getByRole("button", { name: "Generate", exact: true }).click();
  await tab.page.getByText("It can push and read all your sessions.").waitFor();
  await tab.page.getByRole("cell", { name: "full", exact: true }).waitFor();
  await tab.close();
});

test("a password changed elsewhere asks for it over the view, and goes on with the view", async () => {
  const reader = await createUser(site.server);
  const { key } = await createKey(site.server, reader);
  await pushAll(site.server, key, debuggingSession(Date.now()));
  const tab = await openSignedIn(site, reader);
  await tab.page.getByRole("link", { name: "Fix sign-out after token expiry" }).click();
  await tab.page.getByText("All 214 tests pass.").waitFor();
  await waitUntilLive(tab);

  const password = "another password";
  const answer = await fetch(`${site.server.url}/api/collections/users/records/${reader.id}`, {
    method: "PATCH",
    headers: { Authorization: reader.token, "Content-Type": "application/json" },
    body: JSON.stringify({ oldPassword: reader.password, password, passwordConfirm: password }),
  });
  expect(answer.status).toBe(200);
  // What a tab does when it comes to the front: it looks for changes, and finds out that it may not.
  await tab.page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await tab.page.getByRole("dialog", { name: "Sign in again" }).waitFor();
  expect(await tab.page.getByText("All 214 tests pass.").isVisible()).toBe(true);
  expect(await tab.accessibilityProblems()).toEqual([]);
  await tab.screenshot("sign-in-again");

  await tab.page.getByLabel("Password").fill(password);
  await tab.page.getByRole("button", { name: "Sign in" }).click();
  await tab.page.getByRole("dialog").waitFor({ state: "detached" });
  await tab.page.getByText("All 214 tests pass.").waitFor();
  await waitUntilLive(tab);
  await tab.close();
});
