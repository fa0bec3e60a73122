import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { canMountDisk, mountFullDisk } from "../support/full-disk.ts";
import { type MockModel, startMockModel } from "../support/mock-model.ts";
import { createOpenCodeHome, type OpenCodeHome, runCli } from "../support/opencode.ts";
import { startOpenCodeServer } from "../support/opencode-scenario.ts";
import { createKey, createUser, startServer, type TestServer, type TestUser } from "../support/server.ts";
import type { Terminal } from "../support/terminal.ts";
import { until } from "../support/until.ts";
import { rowsOfServer, rowsOfStore } from "./compare.ts";
import {
  converse,
  type Ending,
  endRun,
  expectAsWithoutUs,
  expectEverything,
  expectToLeave,
  interruptRun,
  MAX_DELAY_MS,
  processesOf,
  SIGNALS,
  startAgain,
  syncAll,
  UNANSWERED,
  untilAlone,
  untilNobodySends,
  WAYS_OUT,
} from "./exits.ts";

let server: TestServer;
let model: MockModel;
let user: TestUser;
let bare: OpenCodeHome;
/** How a run ends without us. */
let plain: Ending;
const homes: OpenCodeHome[] = [];
const terminals: Terminal[] = [];

beforeAll(async () => {
  server = await startServer();
  model = await startMockModel();
  bare = await createOpenCodeHome({ modelUrl: model.url });
  plain = await endRun(bare);
  expect(plain.exitCode, plain.stderr).toBe(0);
});

afterEach(async () => {
  for (const terminal of terminals.splice(0)) terminal.kill();
  for (const home of homes.splice(0)) {
    // A process that still tries to send ends by itself after 20 seconds; the next test need not wait for that.
    for (const { pid } of processesOf(home)) process.kill(pid, "SIGKILL");
    await untilNobodySends(home);
    home.remove();
  }
  await server.stop();
  server = await startServer();
});

afterAll(async () => {
  bare?.remove();
  await model?.stop();
  await server?.stop();
});

async function newHome(url = server.url): Promise<{ home: OpenCodeHome; keyId: string }> {
  user = await createUser(server);
  const { id, key } = await createKey(server, user);
  const home = await createOpenCodeHome({ modelUrl: model.url, server: { url, key } });
  homes.push(home);
  return { home, keyId: id };
}

describe("a run that is ended in the middle of an answer", () => {
  test.each(SIGNALS)("%s: ends as without us, and the next start brings all", async (signal) => {
    const { home } = await newHome();
    expectAsWithoutUs(await interruptRun(home, model, signal), await interruptRun(bare, model, signal));
    expect(processesOf(home)).toEqual([]);
    await startAgain(home);
    await expectEverything(home, server);
  });
});

test.each(SIGNALS)(
  "serve, ended by %s in the middle of an answer: sync --all brings what was written",
  async (signal) => {
    const { home } = await newHome();
    const serve = await startOpenCodeServer(home);
    const session = await serve.send("POST", "/session", {});
    const id = typeof session === "object" && session !== null && "id" in session ? session.id : expect.fail("no id");
    const before = model.requestCount();
    const parts = [{ type: "text", text: UNANSWERED }];
    const asked = serve
      .send("POST", `/session/${id}/message`, { parts, model: { providerID: "mock", modelID: "mock-1" } })
      .then(
        () => "answered",
        () => "broken",
      );
    await until("the model answers", () => model.requestCount() > before, 60_000);
    await untilAlone(home);
    const startedMs = performance.now();
    await serve.stop(signal);
    expect(performance.now() - startedMs).toBeLessThan(MAX_DELAY_MS);
    expect(await asked).toBe("broken");
    expect(processesOf(home)).toEqual([]);
    await syncAll(home);
    await expectEverything(home, server);
  },
);

test("an instance of serve that is disposed of has sent everything, and goes on when it is used again", async () => {
  const { home } = await newHome();
  const serve = await startOpenCodeServer(home);
  const say = async (text: string) => {
    const parts = [{ type: "text", text: `Go [[say:${text}]]` }];
    const { id } = z.object({ id: z.string() }).parse(await serve.send("POST", "/session", {}));
    await serve.send("POST", `/session/${id}/message`, { parts, model: { providerID: "mock", modelID: "mock-1" } });
  };
  try {
    for (const text of ["First.", "Second."]) {
      await say(text);
      await serve.send("POST", "/instance/dispose");
      const isComplete = async () => isDeepStrictEqual(rowsOfServer(server), await rowsOfStore(home.env));
      await until("everything is on the server", isComplete, 20_000);
    }
  } finally {
    await serve.stop("SIGTERM");
  }
  expect(Object.keys(rowsOfServer(server))).toHaveLength(2);
  await expectEverything(home, server);
});

describe("the terminal interface", () => {
  async function inConversation(home: OpenCodeHome): Promise<Terminal> {
    const terminal = await converse(home, model);
    terminals.push(terminal);
    return terminal;
  }

  test.each(WAYS_OUT)(
    "left %s: all is sent without another start, and nothing of ours is on the screen",
    async (_, leave) => {
      const { home } = await newHome();
      await expectToLeave(await inConversation(home), home, leave);
      await expectEverything(home, server);
    },
  );

  test("left with a second Ctrl-C at once: sync --all brings what was not sent", async () => {
    const { home } = await newHome();
    const terminal = await inConversation(home);
    terminal.press("\x03");
    terminal.press("\x03");
    await until("it has ended", () => terminal.hasEnded(), 30_000);
    await syncAll(home);
    await expectEverything(home, server);
  });
});

describe("a run to its end", () => {
  test("leaves no process behind when the server has everything", async () => {
    const { home } = await newHome();
    expectAsWithoutUs(await endRun(home), plain);
    expect(processesOf(home)).toEqual([]);
    await expectEverything(home, server);
  });

  test("with a key that was revoked: nobody notices, and a new key brings all", async () => {
    const { home, keyId } = await newHome();
    await fetch(`${server.url}/api/keys/${keyId}`, { method: "DELETE", headers: { Authorization: user.token } });
    expectAsWithoutUs(await endRun(home), plain);
    expect(rowsOfServer(server)).toEqual({});
    const env = { OPENSYNC_API_KEY: (await createKey(server, user)).key };
    await syncAll(home, env);
    await expectEverything(home, server, env);
  });

  test.each([...(canMountDisk() ? ["full disk" as const] : []), "file" as const])(
    "with a %s in the place of our notes: nobody notices, and all is sent all the same",
    async (kind) => {
      const { home } = await newHome();
      const state = join(home.home, ".opensync/state");
      // Below a file nothing can be written, not even by root.
      const disk = kind === "file" ? writeFileSync(state, "") : mountFullDisk(state);
      try {
        expectAsWithoutUs(await endRun(home), plain);
        await expectEverything(home, server);
        const { stdout } = await runCli(home, ["doctor"]);
        expect(stdout).toMatch(/^notes\tfailed\t~\/\.opensync\/state cannot be written: /m);
      } finally {
        disk?.remove();
      }
    },
  );
});
