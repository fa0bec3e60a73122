import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestPage } from "../support/browser.ts";
import {
  expectNoProblems,
  openSignedIn,
  type Site,
  startSite,
  waitForAddress,
  waitUntilLive,
} from "../support/dashboard.ts";
import { pushAll } from "../support/push.ts";
import { debuggingSession } from "../support/sample-sessions.ts";
import { until } from "../support/until.ts";

let site: Site;
let tab: TestPage;

beforeAll(async () => {
  site = await startSite();
  await pushAll(site.server, site.key, debuggingSession(Date.now()));
  tab = await openSignedIn(site, site.user);
  await tab.page.getByRole("link", { name: "Fix sign-out after token expiry" }).click();
  await tab.page.getByText("All 214 tests pass.").waitFor();
  await waitUntilLive(tab);
});
afterAll(() => site?.stop());

/** The row of the session as the server has it. */
const stored = () =>
  site.server.query<Record<string, unknown>>("SELECT * FROM sessions WHERE externalId = 'ses_debugging'")[0] ?? {};
const has = (what: string, fields: Record<string, unknown>) =>
  until(`the server has ${what}`, () => {
    const row = stored();
    return Object.entries(fields).every(([name, value]) => row[name] === value);
  });

describe("what people add to a session, in order", () => {
  test("a title of one's own, and back to the agent's", async () => {
    const before = stored();
    const rename = async (title: string) => {
      await tab.page.getByRole("button", { name: "Rename" }).click();
      await tab.page.getByRole("textbox", { name: "Title" }).fill(title);
      await tab.page.getByRole("textbox", { name: "Title" }).press("Enter");
    };
    await rename("The one with the seconds");
    await tab.page.getByRole("heading", { name: "The one with the seconds" }).waitFor();
    await has("the title", { customTitle: "The one with the seconds" });
    // What a sync compares stays as it was.
    expect(stored()).toMatchObject({ hash: before["hash"], updatedAt: before["updatedAt"], title: before["title"] });
    await rename("");
    await tab.page.getByRole("heading", { name: "Fix sign-out after token expiry" }).waitFor();
  });

  test("Escape leaves the title as it is", async () => {
    await tab.page.getByRole("button", { name: "Rename" }).click();
    await tab.page.getByRole("textbox", { name: "Title" }).fill("not this");
    await tab.page.getByRole("textbox", { name: "Title" }).press("Escape");
    await tab.page.getByRole("heading", { name: "Fix sign-out after token expiry" }).waitFor();
  });

  test("a star, by its key", async () => {
    await tab.page.locator("body").press("s");
    await tab.page.getByRole("button", { name: "Star", pressed: true }).waitFor();
    await has("the star", { starred: 1 });
  });

  test("tags, several at once, and one taken away", async () => {
    await tab.page.locator("body").press("#");
    await tab.page.getByRole("textbox", { name: "Add tag" }).and(tab.page.locator(":focus")).waitFor();
    await tab.page.keyboard.type("Auth, bug");
    await tab.page.keyboard.press("Enter");
    await tab.page.getByRole("button", { name: "Remove tag auth" }).waitFor();
    await tab.page.getByRole("button", { name: "Remove tag bug" }).click();
    await tab.page.getByRole("button", { name: "Remove tag bug" }).waitFor({ state: "detached" });
    await has("the tag", { tags: '["auth"]' });
  });

  test("notes, saved when asked to", async () => {
    await tab.page.getByRole("textbox", { name: "Notes" }).fill("Show this to the team.");
    await tab.page.getByRole("button", { name: "Save notes" }).click();
    await tab.page.getByRole("button", { name: "Save notes" }).waitFor({ state: "detached" });
    await has("the notes", { notes: "Show this to the team." });
  });

  test("what it is worth as an example", async () => {
    await tab.page.getByLabel("Judgement").selectOption({ label: "Golden" });
    await tab.page.getByRole("textbox", { name: "Expected output" }).fill("Compare in seconds.");
    await tab.page.getByRole("button", { name: "Save expected output" }).click();
    await tab.page.getByRole("checkbox", { name: "Part of the evaluation set" }).click();
    await has("the judgement", { evalStatus: "golden", evalReady: 1, expectedOutput: "Compare in seconds." });
    expect(await tab.accessibilityProblems()).toEqual([]);
    await tab.screenshot("curation-desktop");
  });
});

describe("deleting, in order", () => {
  test("a session goes to the trash without a question, and Undo brings it back", async () => {
    await tab.page.getByRole("button", { name: "Move to trash" }).click();
    await waitForAddress(tab, ({ pathname }) => pathname === "/");
    await tab.page.getByText("1 session moved to the trash").waitFor();
    await tab.page.getByText("No sessions yet").waitFor();
    await tab.page.getByRole("button", { name: "Undo" }).click();
    await tab.page.getByRole("link", { name: "Fix sign-out after token expiry" }).waitFor();
    await has("it back", { deletedAt: 0, starred: 1, notes: "Show this to the team." });
  });

  test("the address of a deleted session says until when it can be restored, and does that", async () => {
    await tab.page.getByRole("link", { name: "Fix sign-out after token expiry" }).click();
    await tab.page.getByRole("button", { name: "Move to trash" }).click();
    await tab.page.getByText("No sessions yet").waitFor();
    await tab.page.goBack({ waitUntil: "commit" });
    await tab.page.getByText("This session is in the trash").waitFor();
    expect(await tab.accessibilityProblems()).toEqual([]);
    await tab.page.getByRole("button", { name: "Restore" }).click();
    await tab.page.getByText("All 214 tests pass.").waitFor();
  });

  test("the trash shows it, and deletes for good only after a question", async () => {
    await tab.page.getByRole("button", { name: "Move to trash" }).click();
    await tab.page.getByText("No sessions yet").waitFor();
    await tab.page.goto("/trash");
    await tab.page.getByRole("button", { name: "Restore Fix sign-out after token expiry" }).click();
    await tab.page.getByText("The trash is empty").waitFor();
    await has("it back", { deletedAt: 0 });

    await tab.page.goto(`/sessions/${String(stored()["id"])}`);
    await tab.page.getByRole("button", { name: "Move to trash" }).click();
    await tab.page.getByText("No sessions yet").waitFor();
    await tab.page.goto("/trash");
    await tab.page.getByRole("button", { name: "Delete for good: Fix sign-out after token expiry" }).click();
    const question = tab.page.getByRole("alertdialog");
    await question.getByText("This cannot be undone.").waitFor();
    expect(await tab.accessibilityProblems()).toEqual([]);
    await question.getByRole("button", { name: "Delete for good" }).click();
    await tab.page.getByText("The trash is empty").waitFor();
    await until("the messages are gone", () => site.server.query("SELECT id FROM messages").length === 0);
    expectNoProblems(tab);
  });
});
