import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestPage } from "../support/browser.ts";
import {
  expectNoProblems,
  openSignedIn,
  pressTogether,
  type Site,
  startSite,
  waitUntilLive,
} from "../support/dashboard.ts";
import { pushAll } from "../support/push.ts";
import { debuggingSession, longSession } from "../support/sample-sessions.ts";
import { transcriptOn } from "../support/transcript.ts";
import { until } from "../support/until.ts";

let site: Site;
let tab: TestPage;

beforeAll(async () => {
  site = await startSite();
  const now = Date.now();
  for (const batch of [longSession(60, now - 3_600_000), debuggingSession(now)]) {
    await pushAll(site.server, site.key, batch);
  }
  tab = await openSignedIn(site, site.user);
  await tab.page.getByRole("link", { name: "Fix sign-out after token expiry" }).click();
  await message("All 214 tests pass.").waitFor();
});
afterAll(() => site?.stop());

const { message, distanceFromEnd, topOf } = transcriptOn(() => tab);

describe("while an agent writes", () => {
  const { sessions, messages } = debuggingSession(Date.now());
  const next = (number: number, text: string) => ({
    sessionExternalId: "ses_debugging",
    externalId: `live_${number}`,
    role: "assistant" as const,
    createdAt: Date.now() + number,
    parts: [{ type: "text", content: text }],
  });

  test("a new message appears without a reload, and a reader at the end follows it", async () => {
    await waitUntilLive(tab);
    await tab.page.keyboard.press("f");
    const startMs = performance.now();
    await pushAll(site.server, site.key, { messages: [next(1, "One more thing.")] });
    await message("One more thing.").waitFor();
    console.log(`new message on the page after ${Math.round(performance.now() - startMs)} ms`);
    await until("the list stands at its end", async () => (await distanceFromEnd()) < 2);
  });

  test("text that streams grows in place, also inside of the server's quiet second", async () => {
    for (const text of ["One", "One two", "One two three"])
      await pushAll(site.server, site.key, { messages: [next(2, text)] });
    await message("One two three").waitFor();
    expect(
      await tab.page
        .getByRole("article")
        .filter({ hasText: /One$|One two$/ })
        .count(),
    ).toBe(0);
  });

  test("a reader further up stays where he is and is told how much is new", async () => {
    await pressTogether(tab, "g", "g");
    await until("the first message is on top", async () => (await topOf("npm test shows it")) >= 0);
    const before = await topOf("npm test shows it");
    await pushAll(site.server, site.key, { messages: [next(3, "Far below."), next(4, "Even further.")] });
    const button = tab.page.getByRole("button", { name: "2 new messages" });
    await button.waitFor();
    expect(await topOf("npm test shows it")).toBe(before);
    await button.click();
    await message("Even further.").waitFor();
  });

  test("an undone message stays and says so", async () => {
    const [, , , , last] = messages;
    if (last === undefined) throw new Error("the sample has five messages");
    await pushAll(site.server, site.key, { messages: [{ ...last, removedAt: Date.now() }] });
    await message("All 214 tests pass.").getByText("undone").waitFor();
  });

  test("a server that restarts is waited for, and what happened meanwhile appears", async () => {
    await site.down();
    const status = tab.page.getByRole("status");
    await status.getByText(/^(Reconnecting|Offline)$/).waitFor({ state: "attached" });
    await site.up();
    await pushAll(site.server, site.key, { sessions, messages: [next(5, "Said while nobody listened.")] });
    await message("Said while nobody listened.").waitFor();
    await waitUntilLive(tab);
    // The browser itself reports the connections that were refused.
    expect(tab.problems.consoleErrors.filter((text) => !text.includes("ERR_"))).toEqual([]);
    tab.problems.consoleErrors.length = 0;
  });
});

describe("while the server is away", () => {
  test("a screen that could not be read says so, and reads itself when the server is back", async () => {
    await site.down();
    await tab.page.getByRole("link", { name: "OpenSync, all sessions" }).click();
    await tab.page.getByRole("searchbox", { name: "Filter by title" }).fill("long day");
    await tab.page.getByRole("alert").getByText("The server cannot be reached.").waitFor();
    await tab.screenshot("server-away-desktop");
    expect(await tab.accessibilityProblems()).toEqual([]);
    await tab.page
      .getByRole("alert")
      .getByText(/^Offline since/)
      .waitFor();
    await site.up();
    await tab.page.getByRole("link", { name: "A long day" }).waitFor();
    await waitUntilLive(tab);
    expect(tab.problems.consoleErrors.filter((text) => !text.includes("ERR_"))).toEqual([]);
    tab.problems.consoleErrors.length = 0;
  });

  test("a screen that is opened for the first time comes when the server is back, and the last one stays meanwhile", async () => {
    await tab.page.evaluate(() => Reflect.set(window, "isSamePage", true));
    await site.down();
    await tab.page.getByRole("link", { name: "Usage" }).click();
    await tab.page
      .getByRole("alert")
      .getByText(/^Offline since/)
      .waitFor();
    await tab.page.getByRole("link", { name: "A long day" }).waitFor();
    await site.up();
    await tab.page.getByRole("heading", { name: "Usage" }).waitFor();
    expect(await tab.page.evaluate(() => Reflect.get(window, "isSamePage"))).toBe(true);
    await waitUntilLive(tab);
    expect(tab.problems.consoleErrors.filter((text) => !text.includes("ERR_"))).toEqual([]);
    tab.problems.consoleErrors.length = 0;
  });
});

test("the page was well all along", () => {
  expectNoProblems(tab);
});
