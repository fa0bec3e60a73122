import { batchAnswerSchema } from "@opensync/client";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Batch, histories, renamed } from "../support/histories.ts";
import { freshSeed } from "../support/random.ts";
import { shippedRates } from "../support/reference-prices.ts";
import { searchIndexDifferences } from "../support/search-index.ts";
import { expectedState, storedState } from "../support/server-state.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";

const DEVICE = "laptop";

/** Histories are cut off here, whatever the machine: what is told of a failure must not wait for its shrinking. */
const LIMIT_MS = 18_000;

const seed = freshSeed();

const server = sharedServer();
const ann = sharedAccount(server, { device: DEVICE });

async function push(batch: Batch) {
  const answer = await fetch(`${server.url}/sync/batch`, {
    method: "POST",
    headers: { Authorization: `Bearer ${ann.key}` },
    body: JSON.stringify(batch),
  });
  const text = await answer.text();
  expect(answer.status, text).toBe(200);
  return batchAnswerSchema.parse(JSON.parse(text));
}

test("any order, splitting and repetition of a history ends in the rows, digests and usage of the reference model", async () => {
  let runs = 0;
  const property = fc.asyncProperty(histories(), async (history) => {
    runs += 1;
    const prefix = `run${runs}`;
    const { items, requests } = renamed(history, prefix);
    for (const { sessions, messages } of requests) {
      const answer = await push({ sessions, messages });
      expect(answer).toMatchObject({ errors: [], sessions: sessions.length, messages: messages.length });
    }
    const stored = storedState(server, "s.externalId LIKE ?", `${prefix}-%`);
    expect(stored).toEqual(expectedState(items, stored, DEVICE, shippedRates));

    const again = await push({
      sessions: requests.flatMap(({ sessions }) => sessions),
      messages: requests.flatMap(({ messages }) => messages),
    });
    expect(again.changed, "all of it once more changes nothing").toEqual({ sessions: 0, messages: 0 });
    expect(storedState(server, "s.externalId LIKE ?", `${prefix}-%`)).toEqual(stored);
  });
  await fc.assert(property, { seed, numRuns: 60, interruptAfterTimeLimit: LIMIT_MS });
}, 60_000);

test("the index still holds exactly the words of all these messages", () => {
  expect(searchIndexDifferences(server.dataDir)).toEqual([]);
  const [words] = server.query<{ n: number }>(
    "SELECT count(*) AS n FROM messages_fts WHERE messages_fts MATCH 'alpha'",
  );
  expect(words?.n).toBeGreaterThan(0);
});
