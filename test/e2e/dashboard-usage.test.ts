import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestPage } from "../support/browser.ts";
import {
  expectNoProblems,
  openSignedIn,
  pressTogether,
  type Site,
  startSite,
  waitForAddress,
  waitUntilListed,
} from "../support/dashboard.ts";
import { pushAll } from "../support/push.ts";
import { debuggingSession } from "../support/sample-sessions.ts";
import { createUser } from "../support/server.ts";

let site: Site;
let tab: TestPage;

/** One answer of a model that nobody has a price for. */
function unpricedSession(nowMs: number, answers = 1) {
  const session = {
    externalId: "ses_unpriced",
    source: "claude-code",
    title: "No price",
    createdAt: nowMs,
    updatedAt: nowMs,
  };
  const messages = Array.from({ length: answers }, (_, index) => ({
    sessionExternalId: "ses_unpriced",
    externalId: `unpriced_${index}`,
    role: "assistant",
    model: "model-of-tomorrow",
    provider: "somebody",
    createdAt: nowMs + index,
    promptTokens: 1_000,
    completionTokens: 200,
    textContent: "An answer.",
  }));
  return { sessions: [session], messages };
}

beforeAll(async () => {
  site = await startSite();
  const now = Date.now();
  await pushAll(site.server, site.key, debuggingSession(now));
  await pushAll(site.server, site.key, unpricedSession(now - 60_000));
  tab = await openSignedIn(site, site.user);
});
afterAll(() => site?.stop());

const card = (name: string) => tab.page.getByRole("region", { name, exact: true });
const row = (name: string) => tab.page.getByRole("row").filter({ has: tab.page.getByRole("rowheader", { name }) });
const settled = () => tab.page.locator("main[aria-label=Usage][aria-busy=false]").waitFor();

test("g u leads to the sums, which say what they leave out", async () => {
  await pressTogether(tab, "g", "u");
  // 42,350 tokens of the one session, 1,200 of the other.
  await card("Tokens").getByText("43.6K").waitFor();
  expect(await card("Tokens").innerText()).toMatch(/cache read\s*38\.2K/);
  expect(await card("Cost").innerText()).toMatch(
    /at least \$0\.0534[\s\S]*reported by agents\s*\$0\.0534[\s\S]*1 message/,
  );
  await tab.page.getByRole("region", { name: "Without a price" }).getByText("somebody / model-of-tomorrow").waitFor();
  expect(await row("OpenCode").innerText()).toMatch(/42\.4K\s*\$0\.0534/);
  expect(await row("Claude Code").innerText()).toMatch(/1\.2K\s*unknown/);
  expect(await tab.page.locator("main").innerText()).not.toContain("$0.00");
  expect(await tab.accessibilityProblems()).toEqual([]);
  await tab.screenshot("usage-desktop-light");
});

test("every choice is in the address and outlives a reload", async () => {
  for (const name of ["Cut into", "By", "Show"]) await tab.page.getByText(name, { exact: true }).waitFor();
  await tab.page.getByLabel("By", { exact: true }).selectOption({ label: "Model" });
  await tab.page.getByLabel("Show", { exact: true }).selectOption({ label: "Cost" });
  await tab.page.getByRole("button", { name: "12 months" }).click();
  await waitForAddress(tab, ({ search }) => search === "?range=12m&split=model&show=cost");
  await tab.page.reload();
  await row("claude-sonnet-4-5").waitFor();
  await row("model-of-tomorrow").getByText("unknown").waitFor();
  await tab.page.getByRole("img", { name: /^Cost by week and model/ }).waitFor();
});

test("what is used while the page is open is added", async () => {
  await settled();
  await pushAll(site.server, site.key, unpricedSession(Date.now() - 60_000, 3));
  await card("Cost").getByText("3 messages").waitFor();
});

test("a name leads to its sessions", async () => {
  await tab.page.getByRole("link", { name: "claude-sonnet-4-5" }).click();
  await waitForAddress(
    tab,
    ({ pathname, search }) => pathname === "/" && search.startsWith("?model=claude-sonnet-4-5"),
  );
  await waitUntilListed(tab, 1);
  await tab.page.getByRole("link", { name: "Fix sign-out after token expiry" }).waitFor();
  expectNoProblems(tab);
});

test("a time without anything says so", async () => {
  const stranger = await openSignedIn(site, await createUser(site.server), { path: "/usage" });
  await stranger.page.getByText("Nothing was used in this time").waitFor();
  expect(await stranger.accessibilityProblems()).toEqual([]);
  expectNoProblems(stranger);
  await stranger.close();
});
