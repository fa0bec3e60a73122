import { readFileSync } from "node:fs";
import type { Download } from "playwright-core";
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
import { debuggingSession, manySessions } from "../support/sample-sessions.ts";
import { until } from "../support/until.ts";

let site: Site;
let tab: TestPage;

beforeAll(async () => {
  site = await startSite();
  await pushAll(site.server, site.key, manySessions(12, Date.now() - 86_400_000));
  await pushAll(site.server, site.key, debuggingSession(Date.now()));
  tab = await openSignedIn(site, site.user);
});
afterAll(() => site?.stop());

/** The name and the content of what the browser saves. */
async function saved(start: () => Promise<void>): Promise<{ name: string; text: string }> {
  const [file] = await Promise.all([tab.page.waitForEvent("download"), start()]);
  return { name: file.suggestedFilename(), text: await textOf(file) };
}
const textOf = async (file: Download) => readFileSync(await file.path(), "utf8");

describe("a session as a file", () => {
  test.each([
    { label: "Markdown", ending: "md", holds: "# Fix sign-out after token expiry" },
    { label: "HTML page", ending: "html", holds: "<!doctype html>" },
    { label: "JSON", ending: "json", holds: '"externalId":' },
    { label: "JSON Lines", ending: "jsonl", holds: "ses_debugging" },
    { label: "Plain text", ending: "txt", holds: "Users stay signed in after their token expired." },
  ])("$label", async ({ label, ending, holds }) => {
    await tab.page.goto("/");
    await tab.page.getByRole("link", { name: "Fix sign-out after token expiry" }).click();
    await tab.page.getByRole("button", { name: "Export" }).click();
    const item = tab.page.getByRole("menuitem", { name: label, exact: true });
    await item.waitFor();
    if (ending === "md") {
      expect(await tab.accessibilityProblems()).toEqual([]);
      await tab.screenshot("export-menu-desktop");
    }
    const { name, text } = await saved(() => item.click());
    expect(name).toBe(`fix-sign-out-after-token-expiry.${ending}`);
    expect(text.toLowerCase()).toContain(holds.toLowerCase());
  });
});

test("the sessions under a filter as a table", async () => {
  await tab.page.goto("/?agent=claude-code");
  await waitUntilListed(tab, 3);
  const { name, text } = await saved(() => tab.page.getByRole("button", { name: "as CSV" }).click());
  expect(name).toMatch(/^opensync_sessions_\d{4}-\d{2}-\d{2}\.csv$/);
  expect(text.trim().split(/\r?\n/)).toHaveLength(4);
});

describe("all of an account, in order", () => {
  test("is exported in one file", async () => {
    await tab.page.goto("/settings/data");
    await tab.page.getByText("13 sessions and 5 messages").waitFor();
    expect(await tab.accessibilityProblems()).toEqual([]);
    await tab.screenshot("settings-data-desktop");
    const { name, text } = await saved(() => tab.page.getByRole("button", { name: "Export everything" }).click());
    expect(name).toMatch(/^opensync-archive-\d{4}-\d{2}-\d{2}\.jsonl$/);
    expect(text).toContain("ses_debugging");
    expect(text).toContain("ses_many_11");
  });

  test("is not deleted with a wrong password", async () => {
    await tab.page.getByRole("button", { name: "Delete all my data" }).click();
    const dialog = tab.page.getByRole("dialog", { name: "Delete all your sessions?" });
    await dialog.getByText("13 sessions and 5 messages of yours").waitFor();
    await dialog.getByLabel("Your password").fill("something else");
    await dialog.getByRole("button", { name: "Delete all my data" }).click();
    await dialog.getByText("expected the password of your account").waitFor();
    expect(await tab.accessibilityProblems()).toEqual([]);
    expect(site.server.query("SELECT id FROM sessions WHERE deletedAt = 0")).toHaveLength(13);
  });

  test("is deleted with the right one, and lists know, also one that is open elsewhere", async () => {
    const elsewhere = await openSignedIn(site, site.user);
    await waitUntilListed(elsewhere, 13);
    await waitUntilLive(elsewhere);
    const dialog = tab.page.getByRole("dialog", { name: "Delete all your sessions?" });
    await dialog.getByLabel("Your password").fill(site.user.password);
    await dialog.getByRole("button", { name: "Delete all my data" }).click();
    await tab.page.getByText("13 sessions deleted").waitFor();
    await tab.page.getByRole("link", { name: "Sessions", exact: true }).click();
    await tab.page.getByText("No sessions yet").waitFor();
    await elsewhere.page.getByText("No sessions yet").waitFor();
    expectNoProblems(elsewhere);
    await elsewhere.page.close();
    await until("nothing is left", () => site.server.query("SELECT id FROM messages").length === 0);
  });

  test("goes with the account, which ends in the sign-in page", async () => {
    await tab.page.goto("/settings/data");
    await tab.page.getByRole("button", { name: "Delete my account" }).click();
    const dialog = tab.page.getByRole("dialog", { name: "Delete your account?" });
    await dialog.getByLabel("Your password").fill(site.user.password);
    await dialog.getByRole("button", { name: "Delete my account" }).click();
    await tab.page.getByRole("heading", { name: "Sign in" }).waitFor();
    expect(site.server.query("SELECT id FROM users WHERE id = ?", site.user.id)).toEqual([]);
    await waitForAddress(tab, ({ pathname }) => pathname === "/settings/data");
    // The wrong password was refused with 403, which the browser reports itself.
    expect(tab.problems.consoleErrors.filter((text) => !text.includes("403"))).toEqual([]);
    tab.problems.consoleErrors.length = 0;
    expectNoProblems(tab);
  });
});
