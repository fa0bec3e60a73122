import { afterAll, beforeAll, describe, expect, test } from "vitest";
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
import { manySessions } from "../support/sample-sessions.ts";
import { until } from "../support/until.ts";

/** More than two pages of the list. */
const COUNT = 140;
let site: Site;
let tab: TestPage;

beforeAll(async () => {
  site = await startSite();
  await pushAll(site.server, site.key, manySessions(COUNT, Date.now()));
  tab = await openSignedIn(site, site.user);
  await waitUntilListed(tab, COUNT);
  await waitUntilLive(tab);
});
afterAll(() => site?.stop());

const titles = () => tab.page.locator("[data-row-link]");
const count = (where: string) =>
  site.server.query<{ n: number }>(`SELECT count(*) AS n FROM sessions WHERE ${where}`)[0]?.n;
const selection = () => tab.page.getByRole("region", { name: "Selection" });

describe("filters and orders, over all sessions", () => {
  test("a menu counts what each choice would leave", async () => {
    await tab.page.getByRole("button", { name: "Device", exact: true }).click();
    await tab.page.getByRole("checkbox", { name: /^mac-mini\s*47$/ }).check();
    await tab.page.keyboard.press("Escape");
    await waitUntilListed(tab, 47);
    await tab.page.getByRole("button", { name: "Model", exact: true }).click();
    await tab.page.getByRole("checkbox", { name: /^gpt-5\.2\s*47$/ }).waitFor();
    expect(await tab.accessibilityProblems()).toEqual([]);
    await tab.page.keyboard.press("Escape");
    await tab.page.getByRole("button", { name: "Clear all" }).click();
    await waitUntilListed(tab, COUNT);
  });

  test("sorts by cost over all pages, both ways, and the address keeps it", async () => {
    await tab.page.getByRole("columnheader", { name: "Cost" }).getByRole("button").click();
    await waitForAddress(tab, ({ search }) => search === "?sort=cost");
    await tab.page.locator("main[aria-busy=false]").waitFor();
    // It is far beyond the first page of the list's own order.
    const dearest = site.server.query<{ title: string }>("SELECT title FROM sessions ORDER BY cost DESC LIMIT 1")[0];
    await titles()
      .first()
      .getByText(dearest?.title ?? "", { exact: true })
      .waitFor();
    await tab.page.reload();
    await tab.page.locator('th[aria-sort="descending"]').getByText("Cost").waitFor();
    await tab.page.getByRole("button", { name: "Largest or newest first" }).click();
    await waitForAddress(tab, ({ search }) => search === "?sort=cost&order=asc");
    await tab.page.getByLabel("Sort by").selectOption({ label: "Last activity" });
    await waitForAddress(tab, ({ search }) => search === "");
    await waitUntilListed(tab, COUNT);
  });

  test("keeps to a time", async () => {
    await tab.page.getByRole("button", { name: "Date", exact: true }).click();
    await tab.page.getByRole("dialog", { name: "Date filter" }).getByLabel("to").fill("2020-01-31");
    await tab.page.keyboard.press("Escape");
    await tab.page.getByText("No sessions match").waitFor();
    await tab.page.getByRole("button", { name: "Remove filter until 2020-01-31" }).click();
    await waitUntilListed(tab, COUNT);
  });
});

describe("a selection, in order", () => {
  test("x and the boxes choose rows, with shift all between", async () => {
    await tab.page.locator("body").press("j");
    await tab.page.keyboard.press("x");
    await selection().getByText("1 session selected").waitFor();
    await tab.page
      .locator('tr[aria-rowindex="4"]')
      .getByRole("checkbox")
      .click({ modifiers: ["Shift"] });
    await selection().getByText("4 sessions selected").waitFor();
    expect(await tab.accessibilityProblems()).toEqual([]);
    await tab.screenshot("selection-desktop");
  });

  test("gets a tag and a star, which the list shows and can be filtered by", async () => {
    await selection().getByRole("textbox", { name: "Add tag" }).fill("refactoring");
    await selection().getByRole("textbox", { name: "Add tag" }).press("Enter");
    await until("four are tagged", () => count(`tags = '["refactoring"]'`) === 4);
    await selection().getByRole("button", { name: "Star", exact: true }).click();
    await tab.page.locator('tr[aria-rowindex="2"]').getByLabel("Starred").waitFor();
    await tab.page.locator('tr[aria-rowindex="3"]').getByText("refactoring").waitFor();
    await tab.page.getByRole("button", { name: "Starred" }).click();
    await waitUntilListed(tab, 4);
    await selection().waitFor({ state: "detached" });
    await tab.page.getByRole("button", { name: "Tag", exact: true }).click();
    await tab.page.getByRole("checkbox", { name: /^refactoring\s*4$/ }).check();
    await tab.page.keyboard.press("Escape");
    await waitForAddress(tab, ({ search }) => search.includes("starred=1") && search.includes("tag=refactoring"));
    await tab.page.getByRole("button", { name: "Clear all" }).click();
    await waitUntilListed(tab, COUNT);
    expect(await selection().count()).toBe(0);
  });

  test("is deleted, and brought back by Undo", async () => {
    const first = await titles().first().innerText();
    await tab.page.locator('tr[aria-rowindex="1"]').getByRole("checkbox").check();
    await tab.page.locator('tr[aria-rowindex="2"]').getByRole("checkbox").check();
    await selection().getByRole("button", { name: "Move to trash" }).click();
    await waitUntilListed(tab, COUNT - 2);
    expect(await titles().first().innerText()).not.toBe(first);
    await tab.page.getByRole("button", { name: "Undo" }).click();
    await waitUntilListed(tab, COUNT);
    await titles().first().getByText(first, { exact: true }).waitFor();
  });

  test("may be all that match, loaded or not, which is asked about", async () => {
    await tab.page.goto("/?device=thinkpad");
    await waitUntilListed(tab, 47);
    await tab.page.locator('tr[aria-rowindex="1"]').getByRole("checkbox").check();
    await selection().getByRole("button", { name: "Select all 47" }).click();
    await selection().getByText("47 sessions selected").waitFor();
    await selection().getByRole("button", { name: "Move to trash" }).click();
    const question = tab.page.getByRole("alertdialog", { name: "Move 47 sessions to the trash?" });
    await question.waitFor();
    expect(await tab.accessibilityProblems()).toEqual([]);
    await question.getByRole("button", { name: "Move to trash" }).click();
    await tab.page.getByText("No sessions match").waitFor();
    expect(count("deletedAt > 0")).toBe(47);
    expect(count("deletedAt > 0 AND device <> 'thinkpad'")).toBe(0);
    expectNoProblems(tab);
  });
});
