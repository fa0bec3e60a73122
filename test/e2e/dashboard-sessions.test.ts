import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestPage } from "../support/browser.ts";
import {
  expectNoProblems,
  openSignedIn,
  pressTogether,
  type Site,
  startSite,
  waitForAddress,
  waitUntilListed,
  waitUntilLive,
} from "../support/dashboard.ts";
import { pushAll } from "../support/push.ts";
import { debuggingSession, manySessions } from "../support/sample-sessions.ts";
import { createUser } from "../support/server.ts";
import { until } from "../support/until.ts";

const COUNT = 140;
let site: Site;
let tab: TestPage;

beforeAll(async () => {
  site = await startSite();
  await pushAll(site.server, site.key, manySessions(COUNT, Date.now()));
  tab = await openSignedIn(site, site.user);
});
afterAll(() => site?.stop());

const row = (name: string | RegExp) => tab.page.getByRole("row").filter({ has: tab.page.getByRole("link", { name }) });
const firstTitle = () => tab.page.getByRole("row").nth(1).getByRole("link").innerText();
/** Brings the row of an index onto the screen by scrolling, as a reader would. */
const scrollToTheEnd = () =>
  until("the last row is on the screen", async () => {
    await tab.page.getByRole("table").evaluate((table) => table.parentElement?.scrollTo({ top: table.scrollHeight }));
    return (await tab.page.locator(`tr[aria-rowindex="${COUNT}"]`).count()) > 0;
  });

describe("the session list", () => {
  test("says how many there are, newest first, each figure with its origin", async () => {
    await waitUntilListed(tab, COUNT);
    expect(await firstTitle()).toBe("Add pagination to the order list");
    expect(await row("Add pagination to the order list").first().innerText()).toMatch(/\$0\.0130\s*reported/);
    expect(await row("Why does the nightly import time out?").first().innerText()).toMatch(/\$1\.42\s*computed/);
    expect(await row("Upgrade to Node 24").first().innerText()).toContain("unknown");
    expect(await tab.page.getByRole("table").innerText()).not.toContain("$0.00");
  });

  test("tells the pointer in full what a row cuts off or rounds, wherever on the row it is", async () => {
    const name =
      "Refactor the retry policy into one place, with backoff and a budget, and delete the four copies of it";
    const cells = row(name).first().getByRole("cell");
    const hints = await cells.evaluateAll((elements) =>
      elements.slice(2).map((element) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        const under = document.elementFromPoint(x + width / 2, y + height / 2);
        return under?.closest<HTMLElement>("[title]")?.title ?? "";
      }),
    );
    expect(hints).toHaveLength(7);
    for (const hint of hints) {
      expect(hint).toMatch(new RegExp(`^${name}\n/home/dev/projects/data-pipeline\ngpt-5.2 · mac-mini\n`));
      expect(hint).toMatch(/active \d{1,2} \w{3} 20\d\d, \d\d:\d\d:\d\d/);
    }
  });

  test("holds every session, loaded as the reader scrolls, and each once", async () => {
    await scrollToTheEnd();
    const requests = new Set<string>();
    tab.page.on("request", (request) => requests.add(request.url()));
    await tab.page.keyboard.press("k");
    expect([...requests].filter((url) => url.includes("sessions/records"))).toEqual([]);
    expect(await tab.page.getByRole("row").last().getByRole("link").innerText()).toContain(`(${COUNT - 1})`);
  });

  test("an agent that nobody knows keeps its own name", async () => {
    await tab.page.getByRole("table").evaluate((table) => table.parentElement?.scrollTo({ top: 0 }));
    await row("Draft a migration for the invoices table")
      .first()
      .getByText("some-new-agent")
      .waitFor({ state: "attached" });
  });

  test("filters live in the address: chosen, kept by a reload, taken back", async () => {
    await tab.page.getByRole("button", { name: "Agent" }).click();
    await tab.page.getByRole("checkbox", { name: "Codex" }).check();
    await tab.page.keyboard.press("Escape");
    await waitUntilListed(tab, 20);
    expect(new URL(tab.page.url()).search).toBe("?agent=codex-cli");
    await tab.page.getByRole("button", { name: "Project" }).click();
    await tab.page.getByRole("searchbox", { name: "Search project" }).fill("infra");
    await tab.page.getByRole("checkbox", { name: "infra" }).check();
    expect(await tab.accessibilityProblems()).toEqual([]);
    await tab.page.keyboard.press("Escape");
    await tab.page.getByRole("searchbox", { name: "Filter by title" }).fill("node 24");
    await waitForAddress(tab, ({ search }) => search.includes("title=node"));
    await tab.page.reload();
    await tab.page.getByRole("button", { name: "Remove filter infra" }).waitFor();
    expect(await tab.page.getByRole("searchbox", { name: "Filter by title" }).inputValue()).toBe("node 24");
    await tab.screenshot("sessions-filtered-desktop");
    await tab.page.getByRole("button", { name: "Clear all" }).click();
    await waitUntilListed(tab, COUNT);
    expect(new URL(tab.page.url()).search).toBe("");
  });

  test("nothing that matches says so and offers a way out", async () => {
    await tab.page.goto("/?title=no+such+title+%25");
    await tab.page.getByText("No sessions match").waitFor();
    expect(await tab.accessibilityProblems()).toEqual([]);
    await tab.page.getByRole("button", { name: "Clear all filters" }).click();
    await waitUntilListed(tab, COUNT);
  });

  test("j and Enter open a session, g s comes back, ? lists the keys", async () => {
    await tab.page.locator("body").press("j");
    await tab.page.keyboard.press("j");
    await tab.page.keyboard.press("Enter");
    await waitForAddress(tab, ({ pathname }) => pathname.startsWith("/sessions/"));
    await tab.page.getByText("No messages yet").waitFor();
    await pressTogether(tab, "g", "s");
    await waitUntilListed(tab, COUNT);
    await tab.page.keyboard.press("?");
    await tab.page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    expect(await tab.accessibilityProblems()).toEqual([]);
    await tab.page.keyboard.press("Escape");
  });
});

test("coming back from a session, the list stands where it was left", async () => {
  const scroller = tab.page.getByRole("table").locator("xpath=..");
  await scroller.evaluate((element) => element.scrollTo({ top: 1_500 }));
  await tab.page.locator('tr[aria-rowindex="33"]').getByRole("link").click();
  await tab.page.getByText("No messages yet").waitFor();
  await tab.page.goBack({ waitUntil: "commit" });
  await tab.page.locator('tr[aria-rowindex="33"]').waitFor();
  await until("the list stands there", async () => (await scroller.evaluate((element) => element.scrollTop)) === 1_500);
  await scroller.evaluate((element) => element.scrollTo({ top: 0 }));
});

describe("without a reload", () => {
  test("a new session comes to the top of the list", async () => {
    await waitUntilLive(tab);
    const startMs = performance.now();
    await pushAll(site.server, site.key, debuggingSession(Date.now(), "ses_live"));
    await row("Fix sign-out after token expiry").waitFor();
    console.log(`new session in the list after ${Math.round(performance.now() - startMs)} ms`);
    expect(await firstTitle()).toBe("Fix sign-out after token expiry");
    await waitUntilListed(tab, COUNT + 1);
  });

  test("a changed session changes in its place", async () => {
    const { sessions } = debuggingSession(Date.now(), "ses_live");
    await pushAll(site.server, site.key, {
      sessions: sessions.map((session) => ({ ...session, title: "Renamed by its agent" })),
    });
    await row("Renamed by its agent").waitFor();
    expect(await tab.page.getByRole("link", { name: "Fix sign-out after token expiry" }).count()).toBe(0);
  });

  test("for a reader further down nothing moves: new sessions wait behind a button", async () => {
    const scroller = tab.page.getByRole("table").locator("xpath=..");
    await scroller.evaluate((element) => element.scrollTo({ top: 900 }));
    const shown = tab.page.locator('tr[aria-rowindex="22"]');
    const before = await shown.getByRole("link").innerText();
    await pushAll(site.server, site.key, debuggingSession(Date.now(), "ses_waiting"));
    const button = tab.page.getByRole("button", { name: "1 new session" });
    await button.waitFor();
    expect(await shown.getByRole("link").innerText()).toBe(before);
    await button.click();
    await row("Fix sign-out after token expiry").waitFor();
    await button.waitFor({ state: "detached" });
  });

  test("the page was well all along", () => {
    expectNoProblems(tab);
  });
});

test("another user's list has nothing of it", async () => {
  const stranger = await openSignedIn(site, await createUser(site.server));
  await stranger.page.getByText("No sessions yet").waitFor();
  expect(await stranger.accessibilityProblems()).toEqual([]);
  await stranger.screenshot("sessions-empty-desktop");
  await stranger.close();
});
