import { afterAll, beforeAll, expect, test } from "vitest";
import { type Account, createAccount } from "../support/account.ts";
import { archiveOf, rowsOf } from "../support/archive.ts";
import type { TestPage } from "../support/browser.ts";
import { expectNoProblems, openSignedIn, type Site, startSite, waitUntilListed } from "../support/dashboard.ts";
import { pushAll } from "../support/push.ts";
import { debuggingSession, manySessions } from "../support/sample-sessions.ts";
import { createUser, startServer, type TestServer, type TestUser } from "../support/server.ts";
import { until } from "../support/until.ts";

/** Where the archive comes from. */
let elsewhere: TestServer;
let account: Account;
let archive = "";

let site: Site;
let owner: TestUser;
let tab: TestPage;

beforeAll(async () => {
  elsewhere = await startServer();
  account = await createAccount(elsewhere, { role: "owner", scope: "full" });
  const samples = [manySessions(12, Date.now() - 86_400_000), debuggingSession(Date.now() - 3_600_000)];
  for (const sample of samples) await pushAll(elsewhere, account.key, asSnapshots(sample));
  // More than one request of it.
  for (const name of ["a", "b", "c", "d", "e", "f"]) {
    const textContent = `${name} `.repeat(400_000);
    const message = { sessionExternalId: `long-${name}`, externalId: "m", role: "user", textContent, hash: 1 };
    await pushAll(elsewhere, account.key, {
      sessions: [{ externalId: `long-${name}`, title: `Long ${name}`, createdAt: 5, updatedAt: 5, hash: 1 }],
      messages: [{ ...message, createdAt: 5, updatedAt: 5 }],
    });
  }
  const init = { method: "PUT", headers: account.signedIn(), body: JSON.stringify({ input: 1, output: 2 }) };
  expect((await fetch(`${elsewhere.url}/api/prices/house-model`, init)).status).toBe(200);
  archive = await archiveOf(elsewhere, account.token);

  site = await startSite();
  owner = await createUser(site.server, { role: "owner" });
  tab = await openSignedIn(site, owner, { path: "/settings/data" });
});
afterAll(async () => {
  await site?.stop();
  await elsewhere?.stop();
});

/** As today's clients send it: what has a hash says all of itself, and is not written twice. */
function asSnapshots({ sessions = [], messages = [] }: { sessions?: object[]; messages?: object[] }) {
  const hashed = (item: object) => ({ createdAt: 5, updatedAt: 5, ...item, hash: 1 });
  return { sessions: sessions.map(hashed), messages: messages.map(hashed) };
}

/** Chooses a file as somebody does who has clicked the button. */
async function choose({ page }: TestPage, text: string, name = "archive.jsonl"): Promise<void> {
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: "Import a file" }).click(),
  ]);
  await chooser.setFiles({ name, mimeType: "application/x-ndjson", buffer: Buffer.from(text) });
}

/** The browser itself reports every refusal and every server that is away. */
function forgetErrors({ problems }: TestPage, ...words: string[]): void {
  expect(problems.consoleErrors.filter((text) => !words.some((word) => text.includes(word)))).toEqual([]);
  problems.consoleErrors.length = 0;
}

test("a file that is no archive is not sent", async () => {
  await choose(tab, "Session ID,External ID\r\n", "sessions.csv");
  const alert = tab.page.getByRole("alert");
  await alert.getByText("This file is no archive of OpenSync").waitFor();
  expect(await alert.getByRole("button", { name: "Go on" }).count()).toBe(0);
  expect(await tab.accessibilityProblems()).toEqual([]);
  expectNoProblems(tab);
});

test("a damaged archive is refused with what is wrong", async () => {
  await choose(tab, archive.replace("house-model", "horse-model"), "damaged.jsonl");
  await tab.page.getByText("damaged.jsonl could not be imported to its end").waitFor();
  await tab.page.getByText("A piece of the archive is damaged").waitFor();
  forgetErrors(tab, "400");
});

test("an import that the server's end interrupts goes on where it was", async () => {
  await site.down();
  await choose(tab, archive);
  await tab.page.getByText("The server cannot be reached.").waitFor();
  await tab.screenshot("import-failed-desktop");
  expect(await tab.accessibilityProblems()).toEqual([]);
  await site.up();
  let requests = 0;
  tab.page.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith("/api/archive")) requests += 1;
  });
  await tab.page.getByRole("button", { name: "Go on" }).click();
  await tab.page.getByText("archive.jsonl is imported").waitFor();
  expect(requests).toBeGreaterThan(1);
  await tab.page.getByText("19 sessions and 11 messages read.").waitFor();
  await tab.page.getByText("Written: 19 sessions, 11 messages, 1 price.").waitFor();
  await tab.page.getByText("19 sessions and 11 messages, and what is in the trash").waitFor();
  expect(await tab.accessibilityProblems()).toEqual([]);
  await tab.screenshot("import-done-desktop");
  expect(rowsOf(site.server, owner.id)).toEqual(rowsOf(elsewhere, account.id));
  const prices = "SELECT * FROM price_rates WHERE origin = 'owner'";
  expect(site.server.query(prices)).toEqual(elsewhere.query(prices));
  tab.problems.consoleErrors.length = 0;
});

test("what is imported is listed, and a second import finds nothing new", async () => {
  await tab.page.getByRole("link", { name: "Sessions", exact: true }).click();
  await waitUntilListed(tab, 19);
  await tab.page.goto("/settings/data");
  await choose(tab, archive);
  await tab.page.getByText("All of it was here already.").waitFor();
  expectNoProblems(tab);
});

test("an import can be stopped and go on", async () => {
  const member = await createUser(site.server);
  const mobile = await openSignedIn(site, member, { path: "/settings/data", viewport: "mobile" });
  // The second request waits until somebody has seen how far it is.
  let release: () => void = () => undefined;
  const seen = new Promise<void>((resolve) => {
    release = resolve;
  });
  let requests = 0;
  await mobile.page.route("**/api/archive", async (route) => {
    requests += 1;
    if (requests === 2) await seen;
    await route.continue().catch(() => undefined);
  });
  await choose(mobile, archive);
  const bar = mobile.page.getByRole("progressbar", { name: "Imported" });
  await until("the first request is answered", async () => Number(await bar.getAttribute("value")) > 0);
  expect(Number(await bar.getAttribute("max"))).toBe(Buffer.byteLength(archive));
  expect(await mobile.accessibilityProblems()).toEqual([]);
  await mobile.screenshot("import-running-mobile");
  await mobile.page.getByRole("button", { name: "Stop" }).click();
  release();
  await mobile.page.getByText("Stopped before the end of archive.jsonl").waitFor();
  await mobile.page.getByRole("button", { name: "Go on" }).click();
  await mobile.page.getByText("archive.jsonl is imported").waitFor();
  await mobile.page.getByText("1 line left out").click();
  await mobile.page.getByText("only the owner of a server sets its prices").waitFor();
  expect(await mobile.accessibilityProblems()).toEqual([]);
  await mobile.screenshot("import-done-mobile");
  expect(rowsOf(site.server, member.id)).toEqual(rowsOf(elsewhere, account.id));
  expectNoProblems(mobile);
  await mobile.close();
});

test("an archive that is cut off behind a piece says so, and what is in it is there", async () => {
  const member = await createUser(site.server);
  const cut = await openSignedIn(site, member, { path: "/settings/data", theme: "dark" });
  await choose(cut, archive.slice(0, archive.lastIndexOf('{"end":')), "cut.jsonl");
  await cut.page.getByText("The file is cut off: its last line is missing.").waitFor();
  await cut.page.getByText("19 sessions and 11 messages read.").waitFor();
  await cut.screenshot("import-cut-dark");
  await cut.page.goto("/");
  await waitUntilListed(cut, 19);
  expectNoProblems(cut);
  await cut.close();
});
