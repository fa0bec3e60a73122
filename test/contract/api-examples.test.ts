import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inRoot } from "../../scripts/paths.mjs";
import { type Account, createAccount } from "../support/account.ts";
import { rowsOf } from "../support/archive.ts";
import { push } from "../support/push.ts";
import { debuggingSession, longSession } from "../support/sample-sessions.ts";
import type { TestServer } from "../support/server.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";

// The commands of API.md, as somebody would paste them into a shell.

const run = promisify(execFile);
const server = sharedServer();
const other = sharedServer();
const owner = sharedAccount(server, { role: "owner", scope: "full" });
const folder = mkdtempSync(join(tmpdir(), "opensync-examples-"));

const text = readFileSync(inRoot("API.md"), "utf8");
const examples = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, code = ""]) => code);
const [settings = "", ...commands] = examples;

beforeAll(async () => {
  await push(server, owner.key, {
    sessions: [{ externalId: "ses_1", projectName: "shop", createdAt: Date.UTC(2026, 5, 10), title: "Refunds" }],
    messages: [
      {
        sessionExternalId: "ses_1",
        externalId: "m",
        role: "user",
        textContent: "refund",
        createdAt: Date.UTC(2026, 5, 10),
      },
    ],
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs commands after the settings of the page, for one account; any answer that is no success ends them. */
async function shell(at: TestServer, account: Account, code: string): Promise<string> {
  const own = `${settings}\n${code}`
    .replace("http://127.0.0.1:8090", at.url)
    .replace("os_…", account.key)
    .replace("you@example.com", account.email)
    .replace('"password":"…"', `"password":"${account.password}"`);
  const strict = `set -e\ncurl() { command curl --silent --show-error --fail-with-body "$@"; }\n`;
  const { stdout } = await run("sh", ["-c", strict + own], { cwd: folder, maxBuffer: 1e8 });
  return stdout;
}

test("each works as it stands there, one after another", async () => {
  expect(commands.length).toBeGreaterThan(10);
  // One shell for all: some use what an earlier one has set.
  const answers = (
    await shell(server, owner, commands.map((code) => `${code}\nprintf '\\n=====\\n'`).join("\n"))
  ).split("=====\n");
  const answerOf = (word: string) => answers[commands.findIndex((code) => code.includes(word))] ?? "";
  expect(answerOf("/health")).toContain('"status":"ok"');
  expect(answerOf("/sync/batch")).toContain('"messages":1,"errors":[]');
  expect(answerOf("/api/keys")).toContain('"scope":"sync"');
  expect(answerOf("/api/search")).toContain('"externalId":"ses_1"');
  expect(answerOf("/api/export?id")).toContain("# Fix login");
  expect(answerOf("-X PUT")).toContain('"model":"my-model"');
  expect(answerOf("-X PATCH")).toContain('"customTitle":"The login bug"');
  expect(answerOf("/bulk")).toContain('"ok":true');
});

test("those of the archive move an account to another server, row by row", async () => {
  const mover = await createAccount(server, { scope: "full" });
  await push(server, mover.key, longSession(700, Date.UTC(2026, 5, 1)));
  await push(server, mover.key, debuggingSession(Date.UTC(2026, 5, 2)));
  await shell(server, mover, "rm -f piece-*");
  const [out = "", into = ""] = commands.filter((code) => code.includes("/api/archive"));
  await shell(server, mover, out);
  const newcomer = await createAccount(other, { scope: "full" });
  const answers = await shell(other, newcomer, into);
  expect(answers).not.toContain('"errors":["');
  expect(rowsOf(other, newcomer.id)).toEqual(rowsOf(server, mover.id));
});

test("with the owner's token instead of a key they bring the owner's prices along", async () => {
  const [signIn = ""] = commands.filter((code) => code.includes("TOKEN=$("));
  const [price = ""] = commands.filter((code) => code.includes("-X PUT"));
  const [out = "", into = ""] = commands.filter((code) => code.includes("/api/archive"));
  await shell(server, owner, `rm -f piece-*\n${signIn}\n${price}\n${out}`);
  const newOwner = await createAccount(other, { role: "owner" });
  await shell(other, newOwner, `${signIn}\n${into.replace("Bearer $OPENSYNC_API_KEY", "$TOKEN")}`);
  const prices = "SELECT * FROM price_rates WHERE origin = 'owner'";
  expect(other.query(prices)).toEqual(server.query(prices));
  expect(other.query(prices)).toHaveLength(1);
});
