import { expect } from "vitest";
import type { TestBrowser, TestPage } from "./browser.ts";
import type { TestServer, TestUser } from "./server.ts";

/** Signs in through the page that is open. */
export async function signIn({ page }: TestPage, user: Pick<TestUser, "email" | "password">): Promise<void> {
  await page.getByLabel("E-mail").fill(user.email);
  await page.getByLabel("Password").fill(user.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: "Account" }).waitFor();
}

/** Opens a tab and signs in at an address of the dashboard. */
export async function openSignedIn(
  browser: TestBrowser,
  server: TestServer,
  user: TestUser,
  options: { path?: string; viewport?: "desktop" | "mobile"; theme?: "light" | "dark" } = {},
): Promise<TestPage> {
  const { path = "/", ...look } = options;
  const tab = await browser.open(server.url, look);
  await tab.page.goto(path);
  await signIn(tab, user);
  return tab;
}

/** Waits until the page listens, so that nothing that happens from now on can be missed by chance. */
export async function waitUntilLive({ page }: TestPage): Promise<void> {
  await page.getByRole("status").getByText("Live", { exact: true }).waitFor({ state: "attached" });
}

/** A page that is well: no error, no violation, nothing asked of anybody else. */
export function expectNoProblems({ problems }: TestPage): void {
  expect(problems).toEqual({ consoleErrors: [], policyViolations: [], foreignRequests: [] });
}
