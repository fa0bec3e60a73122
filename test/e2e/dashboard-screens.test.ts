import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestPage } from "../support/browser.ts";
import { expectNoProblems, openSignedIn, type Site, startSite } from "../support/dashboard.ts";
import { pushAll } from "../support/push.ts";
import { debuggingSession, manySessions } from "../support/sample-sessions.ts";

/** Script that a first visit loads, gzip. */
const SCRIPT_BUDGET_BYTES = 250_000;

let site: Site;

beforeAll(async () => {
  site = await startSite({ email: "dev@example.com" });
  await pushAll(site.server, site.key, manySessions(60, Date.now()));
  await pushAll(site.server, site.key, debuggingSession(Date.now()));
  await moveToTrash("ses_many_3");
});
afterAll(() => site?.stop());

async function moveToTrash(externalId: string): Promise<void> {
  const url = `${site.server.url}/api/sessions/${site.server.sessionId(externalId)}`;
  const answer = await fetch(url, { method: "DELETE", headers: site.user.signedIn() });
  expect(answer.status, await answer.text()).toBe(200);
}

const screens = [
  { name: "sessions", path: () => "/", ready: "Fix sign-out after token expiry" },
  { name: "session", path: () => `/sessions/${site.server.sessionId("ses_debugging")}`, ready: "All 214 tests pass." },
  { name: "search", path: () => "/search?q=signed-out", ready: "Fix sign-out after token expiry" },
  { name: "usage", path: () => "/usage", ready: "without a price" },
  { name: "trash", path: () => "/trash", ready: "goes for good on" },
  { name: "keys", path: () => "/settings/keys", ready: "active" },
  { name: "data", path: () => "/settings/data", ready: "Export everything" },
];

/** What scrolls sideways, outside of messages: on a phone only code and diffs do, and tables that an agent wrote. */
const scrollsSideways = ({ page }: TestPage) =>
  page.evaluate(() =>
    [...document.querySelectorAll("*")]
      .filter(
        (element) => element === document.documentElement || /auto|scroll/.test(getComputedStyle(element).overflowX),
      )
      .filter((element) => element.scrollWidth > element.clientWidth && element.closest("article") === null)
      .map((element) => `${element.tagName} ${element.className}`),
  );

/** Texts that are cut off and that no hint tells in full. */
const cutOffForGood = ({ page }: TestPage) =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("*")]
      .filter((element) => getComputedStyle(element).textOverflow === "ellipsis" && element.clientWidth > 0)
      .filter((element) => element.scrollWidth > element.clientWidth + 1 && element.closest("[title]") === null)
      .map((element) => element.innerText),
  );

describe.each(["desktop", "mobile"] as const)("on a %s", (viewport) => {
  describe.each(["light", "dark"] as const)("in the %s theme", (theme) => {
    test.each(screens)("the screen $name is accessible, fits, and asks nobody else", async ({ name, path, ready }) => {
      const tab = await openSignedIn(site, site.user, { path: path(), viewport, theme });
      await tab.page
        .getByText(ready, { exact: name === "keys" })
        .first()
        .waitFor();
      await tab.screenshot(`${name}-${viewport}-${theme}`);
      expect(await tab.accessibilityProblems()).toEqual([]);
      expect(await scrollsSideways(tab)).toEqual([]);
      expect(await cutOffForGood(tab)).toEqual([]);
      expectNoProblems(tab);
      await tab.close();
    });
  });
});

describe("the theme", () => {
  test("follows the system, until it is chosen, and a choice is there before the first paint", async () => {
    const tab = await openSignedIn(site, site.user, { theme: "light" });
    const background = () => tab.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    await tab.page.emulateMedia({ colorScheme: "dark" });
    const dark = await background();
    expect(dark).not.toBe(light);
    await tab.page.locator("body").press("d");
    expect(await background()).toBe(light);
    // Before any module runs: the attribute is set by the blocking script in the head.
    await tab.page.goto("/settings/keys", { waitUntil: "commit" });
    await tab.page.waitForFunction(() => document.documentElement.dataset["theme"] === "light");
    await tab.page.getByRole("heading", { name: "API keys" }).waitFor();
    expect(await background()).toBe(light);
    await tab.page.getByRole("button", { name: "Account", exact: true }).click();
    await tab.page.getByRole("menuitemradio", { name: "Light" }).waitFor();
    expect(await tab.accessibilityProblems()).toEqual([]);
    await tab.page.getByRole("menuitemradio", { name: "System theme" }).click();
    expect(await background()).toBe(dark);
    expectNoProblems(tab);
    await tab.close();
  });
});

describe("the first load", () => {
  test.each(screens)("of the screen $name stays within its budget of script", async ({ name, path, ready }) => {
    const signedIn = await openSignedIn(site, site.user);
    const storageState = await signedIn.context.storageState();
    await signedIn.close();
    const tab = await site.browser.open(site.server.url);
    await tab.context.addCookies(storageState.cookies);
    await tab.page.addInitScript((items) => {
      for (const { name: key, value } of items) localStorage.setItem(key, value);
    }, storageState.origins[0]?.localStorage ?? []);
    // Colours of code come after the page can be read, and may be late.
    await tab.page.route(/rehype-highlight/, (route) => route.abort());
    const sizes: Promise<number>[] = [];
    tab.page.on("response", (answer) => {
      if (new URL(answer.url()).pathname.endsWith(".js"))
        sizes.push(answer.body().then((body) => gzipSync(body).length));
    });
    await tab.page.goto(path());
    await tab.page
      .getByText(ready, { exact: name === "keys" })
      .first()
      .waitFor();
    const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    console.log(`${name}: ${Math.round(total / 1000)} kB of script, gzip`);
    expect(total).toBeGreaterThan(50_000);
    expect(total).toBeLessThan(SCRIPT_BUDGET_BYTES);
    await tab.close();
  });
});
