import { rmSync } from "node:fs";
import { expect } from "vitest";
import { startBrowser, type TestBrowser, type TestPage } from "./browser.ts";
import { createKey, createUser, startServer, type TestServer, type TestUser } from "./server.ts";

/** A server with one user and a key of theirs, and a browser beside it. */
export interface Site {
  /** The one that runs now: another one after `up`. */
  readonly server: TestServer;
  readonly browser: TestBrowser;
  readonly user: TestUser;
  readonly key: string;
  /** Kills the server as a crash does. */
  down(): Promise<void>;
  /** Starts it again, at the same address with the same data. */
  up(): Promise<void>;
  /** Ends both and removes the data. */
  stop(): Promise<void>;
}

/** Starts a server and a browser. */
export async function startSite(options: { email?: string } = {}): Promise<Site> {
  let server = await startServer();
  const { dataDir, url } = server;
  const browser = await startBrowser();
  const user = await createUser(server, options);
  const { key } = await createKey(server, user, { name: "thinkpad", device: "thinkpad" });
  return {
    get server() {
      return server;
    },
    browser,
    user,
    key,
    down: () => server.kill(),
    up: async () => {
      server = await startServer({ dataDir, port: Number(new URL(url).port) });
    },
    stop: async () => {
      await browser.close();
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Signs in through the page that is open. */
export async function signIn({ page }: TestPage, user: Pick<TestUser, "email" | "password">): Promise<void> {
  await page.getByLabel("E-mail").fill(user.email);
  await page.getByLabel("Password").fill(user.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: "Account", exact: true }).waitFor();
}

/** Opens a tab and signs in at an address of the dashboard. */
export async function openSignedIn(
  { server, browser }: Pick<Site, "server" | "browser">,
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

/** Waits until the list shows what its address asks for, of which there are `count`: from now on it takes keys. */
export async function waitUntilListed({ page }: TestPage, count: number): Promise<void> {
  await page
    .locator("main[aria-busy=false]")
    .getByText(`${count} ${count === 1 ? "session" : "sessions"}`, { exact: true })
    .waitFor();
}

/** Waits until the page is at an address. Screens change without loading a page, so there is no load to wait for. */
export async function waitForAddress({ page }: TestPage, isThere: (url: URL) => boolean): Promise<void> {
  await page.waitForURL(isThere, { waitUntil: "commit" });
}

/** Types keys that belong together, such as `g s`: sent at once, so that no pause on a busy machine parts them. */
export async function pressTogether({ page }: TestPage, ...keys: string[]): Promise<void> {
  await Promise.all(keys.map((key) => page.keyboard.press(key)));
}

/** A page that is well: no error, no violation, nothing asked of anybody else. */
export function expectNoProblems({ problems }: TestPage): void {
  expect(problems).toEqual({ consoleErrors: [], policyViolations: [], foreignRequests: [] });
}
