import { afterEach, beforeEach, expect, test } from "vitest";
import { openCode } from "../../plugin/src/sources/opencode/index.ts";
import { collect } from "../../plugin/src/testing/collect.ts";
import { change, createStore, editText, messageIds, RECORDED_SESSION } from "../faults/store.ts";
import { createOpenCodeHome, type OpenCodeHome, runCli } from "../support/opencode.ts";
import { startV1Server, type V1Server } from "../support/v1-server.ts";

const KEY = "osk_0123456789abcdefghijklmnopqrstuv";
const COPIES = 3;

let server: V1Server;
let home: OpenCodeHome;

beforeEach(async () => {
  server = await startV1Server(KEY);
  home = await createOpenCodeHome({ modelUrl: "http://127.0.0.1:9/v1" });
  createStore(home.databaseFile, COPIES);
});

afterEach(async () => {
  await server.close();
  home.remove();
});

const cli = (args: string[], input = "") => runCli(home, args, { input, env: { http_proxy: server.url } });
const login = () => cli(["login", "--url", "http://acme-123.convex.cloud", "--key", "-", "--no-register"], `${KEY}\n`);

/** A tool call whose arguments hold keys that Convex refuses. */
function plantStrangeKeys(): void {
  const args = { $schema: "https://json-schema.org/draft/2020-12/schema", größe: { "": 1 } };
  change(home.databaseFile, (database) => {
    database
      .prepare(
        `UPDATE part SET data = json_set(data, '$.state.input', json(?))
          WHERE session_id = ? AND json_extract(data, '$.type') = 'tool'`,
      )
      .run(JSON.stringify(args), RECORDED_SESSION);
  });
}

test("a server of version 1 gets all sessions and messages, and nothing that it would refuse", async () => {
  plantStrangeKeys();
  const signedIn = await login();
  expect(signedIn).toMatchObject({ exitCode: 0 });
  expect(signedIn.stderr).toContain("Signed in to http://acme-123.convex.site with key osk_0123…stuv");

  const sent = await cli(["sync", "--all"]);
  expect(server.refused).toEqual([]);
  expect(sent).toMatchObject({
    exitCode: 0,
    stdout: `${COPIES + 1} sessions sent, 0 already there, ${(COPIES + 1) * 3} messages\n`,
  });

  const reader = await openCode.open(home.env);
  for (const { externalId } of await reader.listSessions(0)) {
    const session = (await reader.readSession(externalId)) ?? expect.fail("it is in the store");
    expect(server.sessions.get(externalId)).toMatchObject({
      title: session.title,
      projectPath: session.projectPath,
      source: "opencode",
      createdAt: session.createdAt,
      promptTokens: session.tokens?.input,
      cost: session.cost,
    });
    const messages = await collect(reader.readMessages(externalId));
    for (const { externalId: id, role, parts = [], createdAt, textContent } of messages) {
      const stored = server.messages.get(id);
      expect(stored).toMatchObject({ sessionExternalId: externalId, role, textContent, createdAt });
      expect(stored?.parts?.map(({ type }) => type)).toEqual(parts.map(({ type }) => type));
    }
  }
  reader.close();
  // What Convex does not take as an object is there as its text.
  expect(JSON.stringify([...server.messages.values()])).toContain("json-schema.org");
});

test("what is there is not sent again by --all, and --force sends what has changed", async () => {
  await login();
  await cli(["sync", "--new"]);
  expect((await cli(["sync", "--all"])).stdout).toBe(`0 sessions sent, ${COPIES + 1} already there, 0 messages\n`);
  const [first = ""] = messageIds(home.databaseFile, RECORDED_SESSION);
  change(home.databaseFile, (database) => editText(database, first, "said otherwise", Date.now()));
  expect((await cli(["sync", "--force"])).stdout).toBe(
    `${COPIES + 1} sessions sent, 0 already there, ${(COPIES + 1) * 3} messages\n`,
  );
  expect(server.messages.get(first)?.textContent).toBe("said otherwise");
  expect(server.refused).toEqual([]);
});

test("what version 1 cannot tell is said: no proof, and no scope of the key", async () => {
  await login();
  const proof = await cli(["verify", "--deep"]);
  expect(proof).toMatchObject({ exitCode: 1, stdout: "" });
  expect(proof.stderr).toContain("does not say what it has of a session: nothing can be proved");
  expect((await cli(["doctor"])).stdout).toContain("\nkey\tok\tthe server takes it\t\n");
  expect(server.refused).toEqual([]);
});
