import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startBrowser, type TestBrowser, type TestPage } from "../support/browser.ts";
import { expectNoProblems, signIn, waitForAddress, waitUntilLive } from "../support/dashboard.ts";
import { pushAll } from "../support/push.ts";
import { debuggingSession } from "../support/sample-sessions.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { setupLinks } from "../support/setup-link.ts";

const owner = { email: "owner@example.com", password: "a long password" };
let server: TestServer;
let browser: TestBrowser;
let tab: TestPage;

beforeAll(async () => {
  server = await startServer();
  browser = await startBrowser();
  tab = await browser.open(server.url);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

describe("the first run, in order", () => {
  let key = "";

  test("without the link the page says where to find it", async () => {
    await tab.page.goto("/setup");
    await tab.page.getByText("prints a one-time link").waitFor();
    await tab.screenshot("setup-without-link");
    expect(await tab.accessibilityProblems()).toEqual([]);
  });

  test("passwords that differ are refused before they are sent", async () => {
    // A new fragment alone loads no page.
    await tab.page.goto("about:blank");
    await tab.page.goto(setupLinks(server.output())[0] ?? "no link was printed");
    await tab.page.getByLabel("E-mail").fill(owner.email);
    await tab.page.getByLabel("Password", { exact: true }).fill(owner.password);
    await tab.page.getByLabel("Password again").fill("something else");
    await tab.page.getByRole("button", { name: "Create" }).click();
    await tab.page.getByText("The two passwords differ.").waitFor();
    expect(await tab.accessibilityProblems()).toEqual([]);
    await tab.screenshot("setup");
  });

  test("the link creates the owner and lands on Settings with a fresh key and the lines that use it", async () => {
    await tab.page.getByLabel("Password again").fill(owner.password);
    await tab.page.getByRole("button", { name: "Create" }).click();
    await waitForAddress(tab, ({ pathname }) => pathname === "/settings/keys");
    key = await tab.page.getByLabel("API key", { exact: true }).inputValue();
    expect(key).toMatch(/^os_[0-9A-Za-z]{20,}$/);
    expect(await tab.page.getByLabel("Login command").inputValue()).toBe(`opencode-sync login --url ${server.url}`);
    expect(await tab.page.getByLabel("Install command").inputValue()).toBe(`npm i -g ${server.url}/plugin.tgz`);
    await tab.page.getByText("Waiting for the first session").waitFor();
    expect(tab.page.url()).not.toContain("token");
    expect(await tab.accessibilityProblems()).toEqual([]);
    await tab.screenshot("first-key");
  });

  test("the copy button puts the key on the clipboard and says so", async () => {
    await tab.page.getByRole("button", { name: "Copy key" }).click();
    await tab.page.getByText("Copied").first().waitFor({ state: "attached" });
    expect(await tab.page.evaluate(() => navigator.clipboard.readText())).toBe(key);
  });

  test("the waiting line turns into the session list when the first session arrives", async () => {
    await waitUntilLive(tab);
    const startMs = performance.now();
    await pushAll(server, key, debuggingSession(Date.now()));
    await tab.page.getByRole("link", { name: "Fix sign-out after token expiry" }).waitFor();
    console.log(`first session on the page ${Math.round(performance.now() - startMs)} ms after it was pushed`);
    expect(new URL(tab.page.url()).pathname).toBe("/");
  });

  test("a key is shown once: it is gone from Settings, its prefix stays", async () => {
    await tab.page.goto("/settings/keys");
    await tab.page.getByRole("cell", { name: `${key.slice(0, 10)}…` }).waitFor();
    expect(await tab.page.content()).not.toContain(key);
  });

  test("the browser stays signed in after a reload, and not after signing out", async () => {
    await tab.page.reload();
    await tab.page.getByRole("heading", { name: "API keys" }).waitFor();
    await tab.page.getByRole("button", { name: "Account" }).click();
    await tab.page.getByRole("menuitem", { name: "Sign out" }).click();
    await tab.page.getByRole("heading", { name: "Sign in" }).waitFor();
    await tab.page.reload();
    await tab.page.getByRole("heading", { name: "Sign in" }).waitFor();
    await tab.screenshot("sign-in");
  });

  test("the page goes on where the address says after signing in again", async () => {
    await signIn(tab, owner);
    await tab.page.getByRole("heading", { name: "API keys" }).waitFor();
    expectNoProblems(tab);
  });

  test("a used link says that there is an account already", async () => {
    const other = await browser.open(server.url);
    await other.page.goto(setupLinks(server.output())[0] ?? "");
    await other.page.getByLabel("E-mail").fill("thief@example.com");
    await other.page.getByLabel("Password", { exact: true }).fill(owner.password);
    await other.page.getByLabel("Password again").fill(owner.password);
    await other.page.getByRole("button", { name: "Create" }).click();
    await other.page.getByRole("alert").getByText("already has an account").waitFor();
    await other.close();
    expect(server.query<{ n: number }>("SELECT count(*) AS n FROM users")).toEqual([{ n: 1 }]);
  });
});
