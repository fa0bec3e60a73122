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
import { debuggingSession, HOSTILE_MARK, hostileSession, longSession } from "../support/sample-sessions.ts";
import { createUser } from "../support/server.ts";
import { scrollByWheel, transcriptOn } from "../support/transcript.ts";
import { until } from "../support/until.ts";

const LONG = 400;
let site: Site;
let tab: TestPage;

beforeAll(async () => {
  site = await startSite();
  const now = Date.now();
  const batches = [longSession(LONG, now - 3_600_000), hostileSession(now - 1_800_000), debuggingSession(now)];
  for (const batch of batches) await pushAll(site.server, site.key, batch);
  tab = await openSignedIn(site, site.user);
});
afterAll(() => site?.stop());

const { log, message, distanceFromEnd, topOf } = transcriptOn(() => tab);
/** Id of the record of a message, by its id on the wire. */
const recordId = (externalId: string) =>
  site.server.query<{ id: string }>("SELECT id FROM messages WHERE externalId = ?", externalId)[0]?.id ?? "";
const sessionPath = (externalId: string) => `/sessions/${site.server.sessionId(externalId)}`;

describe("a conversation", () => {
  test("opens at its end, with what was said, by which model, for how much", async () => {
    await tab.page.getByRole("link", { name: "Fix sign-out after token expiry" }).click();
    await message("All 214 tests pass.").waitFor();
    await until("the list stands at its end", async () => (await distanceFromEnd()) < 2);
    const text = await message("All 214 tests pass.").innerText();
    expect(text).toContain("claude-sonnet-4-5");
    expect(text).toMatch(/13\.9K in · 820 out/);
    expect(text).toMatch(/\$0\.0196\s*reported/);
    const title = "Fix sign-out after token expiry · OpenSync";
    await until("the tab has its title", async () => (await tab.page.title()) === title);
    const details = await tab.page.getByRole("complementary", { name: "Details" }).innerText();
    expect(details).toContain("github.com/acme/storefront-api");
    expect(details).toContain("$0.0534, reported");
  });

  test("shows Markdown with highlighted code, tables and lists", async () => {
    const answer = message("Found it.");
    await answer.locator("pre .hljs-keyword").first().waitFor();
    expect(await answer.getByRole("table").getByRole("row").count()).toBe(3);
    const link = answer.getByRole("link", { name: "RFC 7519" });
    expect(await link.getAttribute("rel")).toBe("noopener noreferrer nofollow");
    expect(await link.getAttribute("target")).toBe("_blank");
  });

  test("a tool call shows its most telling input, and unfolds to arguments and result", async () => {
    await pressTogether(tab, "g", "g");
    const call = tab.page.getByRole("button", { name: /^bash npm test -- session failed/ });
    await call.click();
    const card = call.locator("xpath=..");
    await card.getByText("Run the session tests").waitFor();
    expect(await card.innerText()).toContain("✗ signs out when the token has expired");
    expect(await card.innerText()).not.toContain("[31m");
    await tab.page.getByRole("button", { name: /^read src\/session\.ts/ }).waitFor();
  });

  test("thinking is folded until asked for", async () => {
    expect(await tab.page.getByText("First I run the suite").count()).toBe(0);
    await tab.page.getByRole("button", { name: /^Thinking/ }).click();
    await tab.page.getByText("First I run the suite").waitFor();
  });

  test("t unfolds every tool call: an edit as a diff, a long output by its beginning", async () => {
    await tab.page.keyboard.press("t");
    await tab.page.getByText("-  return token.exp < Date.now();").waitFor();
    await tab.page.keyboard.press("f");
    const more = message("All 214 tests pass.").getByRole("button", { name: /^Show all 120 lines/ });
    await more.click();
    await tab.page.getByText("✓ test 120 of the suite").waitFor();
    expect(await tab.accessibilityProblems()).toEqual([]);
    await tab.page.keyboard.press("t");
  });

  test("the way back leads to the list as it was left", async () => {
    await tab.page.goto("/?agent=opencode");
    await tab.page.getByRole("link", { name: "Fix sign-out after token expiry" }).click();
    await message("All 214 tests pass.").waitFor();
    await tab.page.getByRole("link", { name: "Back to the sessions" }).click();
    await waitForAddress(tab, ({ pathname, search }) => pathname === "/" && search === "?agent=opencode");
    await tab.page.getByRole("link", { name: "Fix sign-out after token expiry" }).click();
    await message("All 214 tests pass.").waitFor();
  });

  test("m hides and shows the details", async () => {
    const details = tab.page.getByRole("complementary", { name: "Details" });
    await tab.page.keyboard.press("m");
    await details.waitFor({ state: "detached" });
    await tab.page.keyboard.press("m");
    await details.waitFor();
  });
});

describe("a long session", () => {
  test("opens at its end and loads what came before as the reader scrolls, each message once, in order", async () => {
    await tab.page.goto(sessionPath("ses_long"));
    await message(`message number ${LONG - 1}`).waitFor();
    await until("the list stands at its end", async () => (await distanceFromEnd()) < 2);
    const seen = new Set<number>();
    while (!seen.has(0)) {
      const notch = await scrollByWheel(log(), -600);
      expect(notch.numbers).toEqual([...new Set(notch.numbers)].sort((a, b) => a - b));
      for (const number of notch.numbers) seen.add(number);
      expect(new Set(notch.jumpsPx)).toEqual(new Set([0]));
    }
    expect(seen.size).toBe(LONG);
    expect(await tab.page.getByRole("article").count()).toBeLessThan(60);
  });

  test("a link opens at exactly its message", async () => {
    const id = recordId("long_00123");
    await tab.page.goto(`${sessionPath("ses_long")}?message=${id}`);
    await message("message number 123").waitFor();
    await until("the message is on top", async () => Math.abs(await topOf("message number 123")) < 4);
    await tab.page.locator("body").press("j");
    await until("the next message is on top", async () => Math.abs(await topOf("message number 124")) < 4);
    await tab.page.keyboard.press("y");
    await tab.page.getByText("Link copied").waitFor();
    expect(await tab.page.evaluate(() => navigator.clipboard.readText())).toBe(
      `${site.server.url}${sessionPath("ses_long")}?message=${recordId("long_00124")}`,
    );
  });

  test("f jumps from the middle to the end", async () => {
    await tab.page.keyboard.press("f");
    await message(`message number ${LONG - 1}`).waitFor();
    await until("the list stands at its end", async () => (await distanceFromEnd()) < 2);
  });
});

describe("a hostile session", () => {
  test("is text: nothing of it runs, loads or leaves", async () => {
    await tab.page.goto(sessionPath("ses_hostile"));
    await tab.page.getByRole("article").first().waitFor();
    await tab.page.keyboard.press("t");
    await pressTogether(tab, "g", "g");
    await message(HOSTILE_MARK).first().waitFor();
    expect(await message(HOSTILE_MARK).first().innerText()).toContain(`${HOSTILE_MARK} <script>`);
    await tab.screenshot("hostile-desktop");
    for (const step of Array.from({ length: 8 }, (_, index) => index)) {
      await log().evaluate((e, top) => e.scrollTo({ top }), step * 500);
      const elements = tab.page.getByRole("article");
      expect(await elements.locator("script, iframe, style, object, embed, form, img[src^=http]").count()).toBe(0);
      expect(
        await elements.locator("a[href^='javascript:' i], a[href^='data:' i], [onclick], [onerror], [onload]").count(),
      ).toBe(0);
    }
    expect(await tab.page.evaluate(() => Reflect.get(window, "hacked"))).toBeUndefined();
    expect(await tab.accessibilityProblems()).toEqual([]);
  });

  test("huge output is cut on the page, and says how much there is", async () => {
    const button = tab.page.getByRole("button", { name: /Show all 2 lines \(900\.\d kB\)/ });
    await log().evaluate((e) => e.scrollTo({ top: 0 }));
    await until("the end of the output is on the page", async () => {
      await log().evaluate((e) => e.scrollBy({ top: 300 }));
      return (await button.count()) > 0;
    });
    await button.click();
    await tab.page.getByRole("button", { name: "Show less" }).first().waitFor();
  });
});

test("a session that states nothing itself shows the sum of its messages, and what that leaves out", async () => {
  const answer = { sessionExternalId: "ses_summed", role: "assistant", tokens: { input: 900, output: 100 } };
  await pushAll(site.server, site.key, {
    messages: [
      { ...answer, externalId: "paid", textContent: "a paid answer", cost: 0.25, costSource: "reported" },
      { ...answer, externalId: "unpriced", textContent: "an answer of a model that nobody knows", model: "mystery" },
    ],
  });
  await tab.page.goto(sessionPath("ses_summed"));
  const details = tab.page.getByRole("complementary", { name: "Details" });
  await details.getByText("$0.25+, computed").waitFor();
  expect(await details.innerText()).toContain("1 message of unknown cost");
  expect(await tab.page.getByTitle("without 1 of unknown cost").innerText()).toBe("$0.25+");
});

test("a session of somebody else does not exist", async () => {
  const stranger = await openSignedIn(site, await createUser(site.server), { path: sessionPath("ses_long") });
  await stranger.page.getByText("There is no such session").waitFor();
  expectNoProblems(stranger);
  await stranger.close();
});

test("the page was well all along", () => {
  expectNoProblems(tab);
});
