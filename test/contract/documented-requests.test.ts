import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inRoot } from "../../scripts/paths.mjs";
import { push } from "../support/push.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";

// Every command of API.md, as it is printed there, in a shell of its own with the variables that the page begins with.

const execute = promisify(execFile);

interface Example {
  /** The heading above it. */
  readonly heading: string;
  readonly commands: string;
  /** The answer that the page shows for it; absent where it shows none. */
  readonly answer?: string;
}

const EXAMPLES = readExamples(readFileSync(inRoot("API.md"), "utf8"));

const server = sharedServer();
const owner = sharedAccount(server, { role: "owner", scope: "full" });
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "opensync-documented-"));
  // A status of an error ends curl with one, too.
  writeFileSync(join(folder, ".curlrc"), "silent\nshow-error\nfail-with-body\n");
  await push(server, owner.key, { sessions: [{ externalId: "ses_1", title: "Fix refunds", source: "opencode" }] });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function readExamples(page: string): Example[] {
  const found = page.matchAll(/^## (.+)$|^```sh\n([^`]+)```(?:\n+```json\n([^`]+)```)?/gm);
  let heading = "";
  return [...found].flatMap(([, title, commands, answer]) => {
    if (title !== undefined) heading = title;
    if (commands === undefined) return [];
    return [{ heading, commands, ...(answer !== undefined && { answer }) }];
  });
}

/** Runs it as the person does whose account this is. */
async function run(commands: string): Promise<string> {
  const own = commands
    .replace("you@example.com", owner.email)
    .replace('"password":"…"', `"password":"${owner.password}"`);
  const variables = { OPENSYNC_URL: server.url, OPENSYNC_API_KEY: owner.key, TOKEN: owner.token };
  const env = { PATH: process.env["PATH"], HOME: folder, CURL_HOME: folder, ...variables };
  const { stdout } = await execute("sh", ["-euc", own], { cwd: folder, env }).catch((error: unknown) => {
    throw new Error(`these commands failed:\n${own}`, { cause: error });
  });
  return stdout;
}

test("there are examples to try, and the first names the two variables of the others", () => {
  expect(EXAMPLES.length).toBeGreaterThan(12);
  expect(EXAMPLES[0]?.commands).toMatch(/^export OPENSYNC_URL=\S+\nexport OPENSYNC_API_KEY=os_… /);
});

describe("the example", () => {
  test.each(EXAMPLES.slice(1))("of $heading works, and answers what the page shows", async ({ commands, answer }) => {
    const said = await run(commands);
    if (answer === undefined) return;
    const shown: unknown = JSON.parse(answer);
    expect(Object.keys(JSON.parse(said)).sort()).toEqual(Object.keys(shown ?? {}).sort());
  });
});
