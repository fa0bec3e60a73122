import { expect, test } from "vitest";
import { push } from "../support/push.ts";
import { shippedRates } from "../support/reference-prices.ts";
import { expectedState, storedState } from "../support/server-state.ts";
import { sharedKey, sharedServer, sharedUser } from "../support/shared.ts";

const server = sharedServer();
const ann = sharedUser(server);
const keys = ["a", "b", "c"].map((name) => sharedKey(server, ann, { name }));

/** Versions of the messages of three sessions, as several devices hold them. */
const versions = [1, 2, 3, 4, 5, 6].map((version) => ({
  sessions: ["x", "y", "z"].map((externalId) => ({
    ...{ externalId, source: "pi", title: `version ${version}`, createdAt: 1000, updatedAt: version, hash: version },
  })),
  messages: ["x", "y", "z"].flatMap((sessionExternalId) =>
    Array.from({ length: 20 }, (_, index) => ({
      ...{ sessionExternalId, externalId: `m${index}`, role: "assistant" as const, createdAt: 2000 + index },
      ...{ textContent: `version ${version}`, updatedAt: version, hash: version * 100 + index },
      ...{
        responseId: `r${index % 7}`,
        tokens: { input: version, output: index },
        cost: 0.1 * version,
        costSource: "reported" as const,
      },
    })),
  ),
}));

test("parallel requests with overlapping rows end in the rows of the newest version", async () => {
  const requests = [...versions, ...versions.toReversed(), ...versions];
  const answers = await Promise.all(
    requests.map((request, index) => push(server, keys[index % keys.length]?.key ?? "", request)),
  );
  for (const answer of answers) expect(answer).toMatchObject({ sessions: 3, messages: 60, errors: [] });

  const stored = storedState(server, "s.source = ?", "pi");
  const items = { sessions: versions.flatMap((v) => v.sessions), messages: versions.flatMap((v) => v.messages) };
  expect(stored).toEqual(expectedState(items, stored, "", shippedRates));
  expect(server.query("SELECT count(*) AS n FROM sessions")).toEqual([{ n: 3 }]);
});
