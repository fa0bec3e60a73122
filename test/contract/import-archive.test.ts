import { importAnswerSchema } from "@opensync/client";
import { describe, expect, test } from "vitest";
import { createAccount } from "../support/account.ts";
import { archiveOf, checked, importInto, line, requestArchive, rowsOf, verified } from "../support/archive.ts";
import { push } from "../support/push.ts";
import { createUser } from "../support/server.ts";
import { sharedServer, sharedUser } from "../support/shared.ts";

const server = sharedServer();

const message = { sessionExternalId: "old", role: "user", textContent: "hello" };
const session = line({ session: { externalId: "new" } });

describe("the archive of an account", () => {
  const unlucky = sharedUser(server);

  test.for<readonly [what: string, body: string, message: string]>([
    ["empty", "", "The body is empty"],
    ["cut off", session, "The archive is cut off"],
    ["cut off behind a whole piece", checked(session) + session, "The archive is cut off"],
    ["damaged", checked(session).replace("new", "old"), "A piece of the archive is damaged"],
    [
      "of another version",
      checked(line({ format: "opensync-archive", version: 3, x: 1 })),
      "not an archive of version 1 or 2",
    ],
    ["of another kind", checked(line({ format: "else", version: 1, x: 1 })), "not an archive of version 1"],
    ["no JSON", checked('{"session":{]}\n'), "not valid JSON"],
    ["no JSON in the prices", checked('{"price":{]}\n'), "lines are not JSON"],
    ["no JSON in what people added", checked('{"state":{]}\n'), "lines are not JSON"],
    ["with lines of another kind", checked(session + line([5])), "a line of an unknown kind: [5]"],
  ])("is refused as a whole when it is %s", async ([, body, message]) => {
    const answer = await requestArchive(server, "POST", unlucky.token, { body });
    expect(answer).toMatchObject({ status: 400, text: expect.stringContaining(message) });
    expect(rowsOf(server, unlucky.id).sessions).toEqual([]);
  });

  test("leaves everything as it was when it is refused half-way, also what was a guess", async () => {
    const ann = await createAccount(server, { scope: "full" });
    await push(server, ann.key, { sessions: [{ externalId: "old" }], messages: [{ ...message, externalId: "m" }] });
    const before = rowsOf(server, ann.id);
    const archive = await archiveOf(server, ann.token);
    const data = verified(archive).data.map((text) => `${text}\n`);
    const tooMany = Array.from({ length: 5001 }, (_, index) => line({ session: { externalId: `s${index}` } }));
    const answer = await requestArchive(server, "POST", ann.token, { body: checked([...data, ...tooMany].join("")) });
    expect(answer.status, answer.text).toBe(413);
    expect(rowsOf(server, ann.id)).toEqual(before);
    expect(await importInto(server, ann.token, archive)).toMatchObject({ changed: 0, errors: [] });
    expect(rowsOf(server, ann.id)).toEqual(before);
  });

  test("names what in it is not valid, and takes the rest", async () => {
    const lucky = await createUser(server);
    const body = checked(
      session +
        line({ message: { sessionExternalId: "new", externalId: "m", role: "bot" } }) +
        line({ state: { externalId: "new", notes: 5, tags: ["a", 5], starred: 1, purgeAt: "soon", deletedAt: -5 } }) +
        line({ state: { externalId: "new", deletedAt: "Infinity" } }).replace('"Infinity"', "1e999") +
        line({ state: { externalId: "somebody-else's" } }) +
        line({ tombstone: { externalId: "", deletedAt: 5 } }) +
        line({ tombstone: 5 }) +
        line({ state: [5] }),
    );
    const answer = await requestArchive(server, "POST", lucky.token, { body });
    expect(answer.status, answer.text).toBe(200);
    expect(importAnswerSchema.parse(JSON.parse(answer.text)).errors).toEqual([
      expect.stringContaining("messages m: role: expected user"),
    ]);
    expect(rowsOf(server, lucky.id)).toMatchObject({
      sessions: [{ externalId: "new", notes: "", tags: '["a"]', starred: 1, deletedAt: 0, purgeAt: 0 }],
      messages: [],
    });
  });
});
