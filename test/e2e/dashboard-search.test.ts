import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestPage } from "../support/browser.ts";
import {
  expectNoProblems,
  openSignedIn,
  pressTogether,
  type Site,
  startSite,
  waitForAddress,
} from "../support/dashboard.ts";
import { pushAll } from "../support/push.ts";
import { debuggingSession, hostileSession, longSession, manySessions } from "../support/sample-sessions.ts";
import { createUser } from "../support/server.ts";

let site: Site;
let tab: TestPage;

beforeAll(async () => {
  site = await startSite();
  const now = Date.now();
  const batches = [manySessions(30, now - 86_400_000), longSession(60, now - 3_600_000), hostileSession(now - 900_000)];
  for (const batch of [...batches, debuggingSession(now)]) await pushAll(site.server, site.key, batch);
  tab = await openSignedIn(site, site.user);
});
afterAll(() => site?.stop());

const field = () => tab.page.getByRole("searchbox", { name: "Search all sessions" });
const results = () =>
  tab.page
    .locator("main[aria-busy=false]")
    .getByRole("listitem")
    .filter({ has: tab.page.locator("[data-row-link]") });

describe("searching, in order", () => {
  test("g f leads to the field, which shows what can be asked", async () => {
    await pressTogether(tab, "g", "f");
    await field().and(tab.page.locator(":focus")).waitFor();
    await tab.page.getByRole("button", { name: "tool:bash is:error" }).waitFor();
    expect(await tab.accessibilityProblems()).toEqual([]);
    await tab.screenshot("search-empty-desktop");
  });

  test("finds what a tool gave back, with marks, and says how exact that is", async () => {
    await field().fill("AssertionError signed-out");
    await results().getByText("tool output").waitFor();
    expect(await results().count()).toBe(1);
    expect(await results().locator("mark").allInnerTexts()).toContain("AssertionError");
    await tab.page.getByRole("status").getByText("All sessions were searched.").waitFor();
    expect(new URL(tab.page.url()).search).toBe("?q=AssertionError+signed-out");
    expect(await tab.accessibilityProblems()).toEqual([]);
    await tab.screenshot("search-desktop");
  });

  test("a result opens at exactly its message", async () => {
    await results().getByRole("link").click();
    await waitForAddress(tab, ({ search }) => search.startsWith("?message="));
    await tab.page.getByRole("article").filter({ hasText: "I will run the tests first." }).waitFor();
    await tab.page.goBack({ waitUntil: "commit" });
    await results().getByText("tool output").waitFor();
  });

  test.each([
    { q: "is:error", finds: "Fix sign-out after token expiry" },
    { q: "tool:grep isExpired", finds: "Fix sign-out after token expiry" },
    { q: "agent:claude-code middling", finds: "A long day" },
    { q: 'role:user "why does" OR suite', finds: "Fix sign-out after token expiry" },
    { q: "pagina*", finds: "Add pagination to the order list" },
  ])("understands $q", async ({ q, finds }) => {
    await tab.page.goto(`/search?q=${encodeURIComponent(q)}`);
    await results().getByRole("link", { name: finds }).first().waitFor();
  });

  test("newest first is in the address", async () => {
    await tab.page.goto("/search?q=the");
    await results().first().waitFor();
    await tab.page.getByRole("button", { name: "Newest" }).click();
    await waitForAddress(tab, ({ search }) => search === "?q=the&sort=newest");
    await results().first().waitFor();
    await tab.page.reload();
    await tab.page.getByRole("button", { name: "Newest", pressed: true }).waitFor();
  });

  test("/ selects what was typed, and j goes through the results", async () => {
    await results().nth(1).waitFor();
    await tab.page.locator("body").press("j");
    await tab.page.keyboard.press("j");
    await results().nth(1).getByRole("link").and(tab.page.locator(":focus")).waitFor();
    await tab.page.keyboard.press("/");
    await field().and(tab.page.locator(":focus")).waitFor();
    await tab.page.keyboard.type("no-such-word-anywhere");
    await tab.page.getByText("Nothing was found").waitFor();
    expect(await field().inputValue()).toBe("no-such-word-anywhere");
  });

  test.each(['"', "(((", "a AND OR NOT", "NEAR(", "*", "'; DROP TABLE sessions; --", "-", "before:yesterday"])(
    "%s is a search like any other",
    async (q) => {
      await tab.page.goto(`/search?q=${encodeURIComponent(q)}`);
      await tab.page.locator("main[aria-busy=false]").waitFor();
      await results().first().or(tab.page.getByText("Nothing was found")).waitFor();
    },
  );

  test("what is found in a hostile session is text", async () => {
    await tab.page.goto("/search?q=hostile-mark");
    await results().first().waitFor();
    expect(await tab.page.locator("main").locator("script, img, iframe, svg[onload]").count()).toBe(0);
    expect(await tab.page.evaluate(() => Reflect.get(window, "hacked"))).toBeUndefined();
  });

  test("the page was well all along", () => {
    expectNoProblems(tab);
  });
});

test("nobody finds anything of another user", async () => {
  const stranger = await openSignedIn(site, await createUser(site.server), { path: "/search?q=AssertionError" });
  await stranger.page.getByText("Nothing was found").waitFor();
  expectNoProblems(stranger);
  await stranger.close();
});
