import { expect, test } from "vitest";
import { push } from "../support/push.ts";
import { freshSeed, type Random, seededRandom } from "../support/random.ts";
import { searchIndexDifferences } from "../support/search-index.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";

// Random histories of pushing, deleting, restoring and purging, then everything that is derived is counted anew.

const seed = freshSeed();
const STEPS = 150;
const SESSIONS = 6;
/** So few responses that copies of one are in several sessions. */
const RESPONSES = 5;

const server = sharedServer();
const ann = sharedAccount(server);

/** Which copies count, and all sums, out of the messages as they are. */
const COUNTED_ANEW = `WITH ranked AS (
  SELECT m.*, m.responseId <> '' AND row_number() OVER (PARTITION BY m.user, m.responseId
    ORDER BY s.deletedAt > 0, m.completionTokens DESC, m.promptTokens DESC, m.createdAt, m.externalId, s.externalId) > 1
    AS expected
  FROM messages m JOIN sessions s ON s.id = m.session)`;

const wrongCopies = () =>
  server.query(`${COUNTED_ANEW} SELECT session, externalId, isCopy, expected FROM ranked WHERE isCopy <> expected`);

const sums = (of: string) => `SELECT session, costSource, sum(messages) AS messages, sum(output) AS output FROM (${of})
  GROUP BY session, costSource ORDER BY session, costSource`;
const keptUsage = () => server.query(sums("SELECT session, costSource, messages, tokensOutput AS output FROM usage"));
const countedUsage = () =>
  server.query(
    `${COUNTED_ANEW} ${sums("SELECT session, iif(expected, 'copy', costSource) AS costSource, 1 AS messages, tokensOutput AS output FROM ranked")}`,
  );

const keptDigests = () =>
  server.query("SELECT session, messages, hashSum FROM session_digests WHERE messages > 0 ORDER BY session");
const countedDigests = () =>
  server.query(
    `SELECT session, count(*) AS messages, sum(hash) AS hashSum FROM messages GROUP BY session ORDER BY session`,
  );

const call = async (method: string, path: string) =>
  fetch(server.url + path, { method, headers: { Authorization: ann.token } });

/** One thing that somebody, or some machine, does. */
async function step(random: Random): Promise<string> {
  const name = `s${random.below(SESSIONS)}`;
  const what = random.pick(["push", "push", "push", "delete", "restore", "purge", "delete all"]);
  if (what === "push") {
    const output = 1 + random.below(4);
    const message = { sessionExternalId: name, externalId: `m${random.below(4)}`, role: "assistant" };
    await push(server, ann.key, {
      sessions: [{ externalId: name, parentExternalId: name > "s3" ? "s0" : "", hash: 1 + random.below(1000) }],
      messages: [
        {
          ...{
            ...message,
            hash: 1 + random.below(1000),
            updatedAt: 1 + random.below(1000),
            createdAt: 1 + random.below(9),
          },
          ...{ responseId: `r${random.below(RESPONSES)}`, tokens: { output }, textContent: `word${random.below(50)}` },
          ...{ cost: 1, costSource: "reported" },
        },
      ],
    });
  } else if (what === "delete all") {
    if (random.below(20) === 0) {
      const headers = { Authorization: ann.token, "Content-Type": "application/json" };
      const body = JSON.stringify({ password: ann.password, keepTombstones: random.below(2) === 0 });
      await fetch(`${server.url}/api/account/delete-data`, { method: "POST", headers, body });
    }
  } else if (what === "restore") await call("POST", `/api/sessions/${name}/restore`);
  else await call("DELETE", `/api/sessions/${name}${what === "purge" ? "?permanently=1" : ""}`);
  return `${what} ${name}`;
}

test("copies, roll-up, digests and index are what a recount says, after every step", async () => {
  const random = seededRandom(seed);
  const history: string[] = [];
  for (let count = 0; count < STEPS; count += 1) {
    history.push(await step(random));
    const last = history.slice(-5).join(", ");
    expect(wrongCopies(), last).toEqual([]);
    expect(keptUsage(), last).toEqual(countedUsage());
    expect(keptDigests(), last).toEqual(countedDigests());
  }
  expect(searchIndexDifferences(server.dataDir)).toEqual([]);
  const inTombstones = `SELECT 1 FROM sessions s JOIN messages m ON m.session = s.id WHERE s.deletedAt > 0 AND s.purgeAt = 0`;
  expect(server.query(inTombstones)).toEqual([]);
  expect(new Set(history.map((text) => text.split(" ")[0]))).toEqual(new Set(["push", "delete", "restore", "purge"]));
});
