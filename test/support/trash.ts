import { beforeEach } from "vitest";
import type { Account } from "./account.ts";
import { type ApiRequest, runScenario } from "./api-scenario.ts";
import { push } from "./push.ts";
import type { TestServer } from "./server.ts";

const MEMBERS = ["parent", "child", "grandchild", "fork", "other"] as const;
type Member = (typeof MEMBERS)[number];

/**
 * Sessions that belong together, pushed anew before each test under names of its own: a parent with a child and a
 * grandchild, a fork that repeats the parent's paid answer, and one session beside them. And what is done to them.
 */
export function familyOfEachTest(server: TestServer, ann: Account) {
  let round = 0;
  /** The external ids of this test's sessions. */
  const names: Record<Member, string> = { parent: "", child: "", grandchild: "", fork: "", other: "" };

  beforeEach(async () => {
    round += 1;
    for (const member of MEMBERS) names[member] = `${member}-${round}`;
    await push(server, ann.key, family(names, round));
  });

  /** A request of Ann's dashboard, which changes no rows but those that are said. */
  async function call(method: string, path: string, more: Partial<ApiRequest> = {}): Promise<Record<string, unknown>> {
    const rows = server.query("SELECT 1 FROM activity WHERE id = ?", ann.id).length === 0 ? { activity: 1 } : {};
    const scenario = { method, url: path, headers: ann.signedIn(), status: 200, rows, ...more };
    return JSON.parse((await runScenario(server, scenario)).text || "{}");
  }

  const remove = (externalId: string) => call("DELETE", `/api/sessions/${server.sessionId(externalId)}`);
  const restore = (externalId: string) => call("POST", `/api/sessions/${server.sessionId(externalId)}/restore`);

  const deleted = () =>
    server
      .query<{ externalId: string }>(
        "SELECT externalId FROM sessions WHERE deletedAt > 0 AND externalId LIKE ? ORDER BY 1",
        `%-${round}`,
      )
      .map(({ externalId }) => externalId);

  /** Nano-USD of what counts in sessions that are there. */
  const spent = () =>
    server.query(
      `SELECT s.externalId, sum(u.costNano) AS nano FROM usage u JOIN sessions s ON s.id = u.session
       WHERE s.deletedAt = 0 AND u.costSource <> 'copy' AND s.externalId LIKE ?
       GROUP BY s.externalId HAVING nano > 0 ORDER BY 1`,
      `%-${round}`,
    );

  /** All rows of this test, but for the times by which dashboards and the trash know them. */
  const everything = () =>
    ["sessions", "messages", "session_digests", "usage"].map((table) => {
      const own = `SELECT id FROM sessions WHERE externalId LIKE '%-${round}'`;
      const column = table === "sessions" ? "id" : "session";
      const rows = server.query(`SELECT * FROM ${table} WHERE ${column} IN (${own}) ORDER BY 1, 2, 3, 4, 5`);
      return rows.map(({ syncedAt: _sync, changes: _changes, ...row }) => row);
    });

  /** What machines that sync are told of all sessions. */
  async function digests(): Promise<{ sessionIds: string[]; digests: Record<string, number[]>; deleted: string[] }> {
    return (await fetch(`${server.url}/sync/sessions/list?digests=1`, { headers: ann.withKey() })).json() as never;
  }

  return {
    ...{ names, round: () => round, pushAgain: () => push(server, ann.key, family(names, round)) },
    ...{ call, remove, restore, deleted, spent, everything, digests },
  };
}

function family(names: Readonly<Record<Member, string>>, round: number) {
  const session = (externalId: string, more: object = {}) => ({
    ...{
      externalId,
      source: "pi",
      title: `Title of ${externalId}`,
      projectPath: "/secret/path",
      meta: { secret: "meta" },
    },
    ...{ todos: [{ content: "a todo", status: "done" }], hash: 9, updatedAt: 5000, createdAt: 1000, device: "desk" },
    ...{ model: "m", provider: "p", gitBranch: "main", agentVersion: "1", durationMs: 4 },
    ...more,
  });
  const answer = (sessionExternalId: string, responseId: string, output: number) => ({
    ...{
      sessionExternalId,
      externalId: `answer-${sessionExternalId}`,
      role: "assistant",
      createdAt: 2000,
      hash: output,
    },
    ...{
      responseId,
      tokens: { output },
      cost: 0.25,
      costSource: "reported",
      textContent: `words of ${sessionExternalId}`,
    },
    parts: [{ type: "tool-call", content: { id: "1", toolName: "bash", args: { command: "ls" } } }],
  });
  return {
    sessions: [
      session(names.parent),
      session(names.child, { parentExternalId: names.parent }),
      session(names.grandchild, { parentExternalId: names.child }),
      session(names.fork, { forkedFrom: names.parent }),
      session(names.other),
    ],
    messages: [
      answer(names.parent, `paid-${round}`, 7),
      answer(names.child, `child-${round}`, 5),
      answer(names.grandchild, "", 3),
      // A fork's copy of an answer never has more output than the original; this one was cut.
      answer(names.fork, `paid-${round}`, 6),
      answer(names.other, `other-${round}`, 2),
    ],
  };
}
