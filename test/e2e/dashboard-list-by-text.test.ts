import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestPage } from "../support/browser.ts";
import {
  expectNoProblems,
  openSignedIn,
  type Site,
  startSite,
  waitForAddress,
  waitUntilListed,
  waitUntilLive,
} from "../support/dashboard.ts";
import { pushAll } from "../support/push.ts";
import { debuggingSession, longSession, manySessions } from "../support/sample-sessions.ts";
import { FREQUENT, storeFrequentWord } from "../support/search-corpus.ts";
import { createUser } from "../support/server.ts";

// The list of sessions, narrowed by words that stand anywhere in them. In order.

let site: Site;
let tab: TestPage;

beforeAll(async () => {
  site = await startSite();
  const now = Date.now();
  for (const batch of [manySessions(30, now), longSession(60, now), debuggingSession(now)])
    await pushAll(site.server, site.key, batch);
  tab = await openSignedIn(site, site.user);
  await waitUntilListed(tab, 32);
});
afterAll(() => site?.stop());

const field = () => tab.page.getByRole("searchbox", { name: "Filter by words" });
const link = (name: string) => tab.page.getByRole("table").getByRole("link", { name });

test("words are found in what tools gave back, and every menu counts what was found", async () => {
  await tab.page.getByLabel("Where the text is looked for").selectOption({ label: "Everything" });
  await field().fill("AssertionError OR pagination");
  await waitForAddress(tab, ({ search }) => search === "?q=AssertionError+OR+pagination");
  await link("Fix sign-out after token expiry").waitFor();
  // Every seventh of thirty titles has the other word.
  await waitUntilListed(tab, 6);
  await tab.page.getByRole("button", { name: "Project", exact: true }).click();
  const menu = tab.page.getByRole("dialog", { name: "Project filter" });
  await menu.getByRole("checkbox").first().waitFor();
  const counts = (await menu.getByRole("listitem").allInnerTexts()).map((text) =>
    Number(/\d+$/.exec(text.trim())?.[0]),
  );
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(6);
  expect(await tab.accessibilityProblems()).toEqual([]);
  await tab.screenshot("sessions-by-text-desktop");
  await tab.page.keyboard.press("Escape");
});

test("other filters, another order and a reload keep the words", async () => {
  await tab.page.getByRole("button", { name: "Agent", exact: true }).click();
  await tab.page.getByRole("checkbox", { name: /^OpenCode/ }).check();
  await tab.page.keyboard.press("Escape");
  await tab.page.getByRole("columnheader", { name: "Cost" }).getByRole("button").click();
  await waitForAddress(tab, ({ search }) => search.includes("q=Assertion") && search.includes("sort=cost"));
  await tab.page.reload();
  await tab.page.locator('th[aria-sort="descending"]').getByText("Cost").waitFor();
  expect(await field().inputValue()).toBe("AssertionError OR pagination");
  await link("Fix sign-out after token expiry").waitFor();
  await tab.page.getByRole("button", { name: "Clear all" }).click();
  await waitForAddress(tab, ({ search }) => search === "?sort=cost");
});

test("what has been written since comes into the list only where the words are in it", async () => {
  await tab.page.goto("/?q=xylophone");
  await tab.page.getByText("No sessions match").waitFor();
  await waitUntilLive(tab);
  const said = (session: string, text: string) => ({
    sessions: [{ externalId: session, source: "opencode", title: session }],
    messages: [
      {
        sessionExternalId: session,
        externalId: session,
        role: "user" as const,
        textContent: text,
        createdAt: Date.now(),
      },
    ],
  });
  await pushAll(site.server, site.key, said("Without it", "a drum"));
  await pushAll(site.server, site.key, said("With it", "a xylophone"));
  await link("With it").waitFor();
  await waitUntilListed(tab, 1);
  expect(await link("Without it").count()).toBe(0);
});

test("what a search finds can be sorted and filtered as a list", async () => {
  await tab.page.goto("/search?q=xylophone");
  await tab.page.getByRole("link", { name: "Sort and filter as a list" }).click();
  await waitForAddress(tab, ({ pathname, search }) => pathname === "/" && search === "?q=xylophone");
  await waitUntilListed(tab, 1);
  expectNoProblems(tab);
});

test("of a very frequent word the list says how far it was looked for, and goes on when asked to", async () => {
  const user = await createUser(site.server);
  storeFrequentWord(site.server, user);
  const other = await openSignedIn(site, user, { path: "/?q=common" });
  await other.page.getByText(/among the newest 5,\d+ matches, back to/).waitFor();
  await other.page.locator('tr[aria-rowindex="2"]').getByRole("checkbox").check();
  const chooseAll = other.page.getByRole("button", { name: /^Select all/ });
  expect(await chooseAll.count()).toBe(0);
  const total = Number(
    /^(\d+) sessions/.exec(
      await other.page
        .getByText(/^\d+ sessions$/)
        .first()
        .innerText(),
    )?.[1],
  );
  await other.page.getByRole("button", { name: "Agent", exact: true }).click();
  const menu = other.page.getByRole("dialog", { name: "Agent filter" });
  await menu.getByRole("checkbox", { name: /OpenCode/ }).waitFor();
  const counts = (await menu.getByRole("listitem").allInnerTexts()).map((text) =>
    Number(/\d+$/.exec(text.trim())?.[0]),
  );
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(total);
  expect(await other.accessibilityProblems()).toEqual([]);
  await other.screenshot("sessions-by-frequent-word-desktop");
  await other.page.keyboard.press("Escape");
  await other.page.getByRole("button", { name: "Search all" }).click();
  await waitUntilListed(other, FREQUENT.sessions);
  await waitForAddress(other, ({ search }) => search === "?q=common&reach=all");
  await other.page.locator('tr[aria-rowindex="2"]').getByRole("checkbox").check();
  await chooseAll.waitFor();
  expectNoProblems(other);
  await other.close();
});
