import { describe, expect, test } from "vitest";
import { isClientError } from "../errors/client-error.ts";
import { type ScriptedAnswer, scriptedServer } from "../testing/scripted-server.ts";
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from "./retry-policy.ts";
import { send } from "./send.ts";
import { sleep } from "./sleep.ts";

const OK: ScriptedAnswer = { status: 200, body: { ok: true } };
const status = (code: number, headers?: Record<string, string>): ScriptedAnswer => ({
  status: code,
  body: { error: "because" },
  ...(headers && { headers }),
});

/** Time stands still, except in a pause, which takes none: pauses are recorded. Chance always says "the longest". */
function surroundings() {
  const pauses: number[] = [];
  let nowMs = Date.UTC(2026, 10, 25, 12, 0, 0);
  return {
    pauses,
    fetch: (url: string, init: RequestInit) => fetch(url, init),
    now: () => nowMs,
    random: () => 1,
    sleep: async (ms: number) => {
      pauses.push(ms);
      nowMs += ms;
    },
  };
}

async function outcome(answers: readonly ScriptedAnswer[], policy: Partial<RetryPolicy> = {}) {
  const server = await scriptedServer(...answers);
  const world = surroundings();
  const request = { method: "POST", baseUrl: server.url, path: "/sync/batch", body: "{}", apiKey: "os_1" } as const;
  const result = await send(request, world, { policy: { ...DEFAULT_RETRY_POLICY, ...policy } }).catch(
    (error: unknown) => {
      if (isClientError(error)) return error.kind;
      throw error;
    },
  );
  return { result, requests: server.seen.length, pauses: world.pauses };
}

describe("send", () => {
  const ok = { ok: true };
  test.each<[name: string, answers: ScriptedAnswer[], result: unknown, pauses: number[]]>([
    ["asks once when all is well", [OK], ok, []],
    ["tries again after 500", [status(500), OK], ok, [500]],
    [
      "tries again after 502, 503 and 504, with growing pauses",
      [status(502), status(503), status(504), OK],
      ok,
      [500, 1_000, 2_000],
    ],
    ["tries again after 429", [status(429), OK], ok, [500]],
    ["tries again after a broken connection", ["drop", OK], ok, [500]],
    ["waits as long as 429 says in seconds", [status(429, { "retry-after": "7" }), OK], ok, [7_000]],
    [
      "waits until the date that 503 names",
      [status(503, { "retry-after": "Wed, 25 Nov 2026 12:00:09 GMT" }), OK],
      ok,
      [9_000],
    ],
    ["waits no longer than the cap", [status(429, { "retry-after": "3600" }), OK], ok, [30_000]],
    [
      "gives up after four attempts",
      [status(500), status(500), status(500), status(503)],
      "unavailable",
      [500, 1_000, 2_000],
    ],
    ["tells the last failure", [status(500), "drop", status(500), status(429)], "rate-limited", [500, 1_000, 2_000]],
    ["never repeats 400", [status(400)], "malformed-request", []],
    ["never repeats 401", [status(401)], "invalid-key", []],
    ["never repeats 403", [status(403)], "scope", []],
    ["never repeats 404", [status(404)], "not-found", []],
    ["never repeats 410", [status(410)], "deleted", []],
    ["never repeats 413", [status(413, { "retry-after": "1" })], "too-large", []],
    ["never repeats 415", [status(415)], "malformed-request", []],
    ["stops repeating when a 4xx comes", [status(500), status(401)], "invalid-key", [500]],
    ["does not follow a redirect", [{ status: 307, headers: { location: "/sync/batch/" } }], "contract", []],
    ["does not repeat a page that is not JSON", [{ status: 200, body: "<html>" }], "contract", []],
  ])("%s", async (_name, answers, result, pauses) => {
    expect(await outcome(answers)).toEqual({ result, requests: answers.length, pauses });
  });

  test("begins no pause that would end after the time for all", async () => {
    const answers = [status(503, { "retry-after": "9" }), status(503, { "retry-after": "9" })];
    expect(await outcome(answers, { totalTimeoutMs: 15_000 })).toEqual({
      result: "unavailable",
      requests: 2,
      pauses: [9_000],
    });
  });

  test.each<[name: string, answer: ScriptedAnswer]>([
    ["does not begin", "hang"],
    ["does not end", "hang-in-body"],
  ])("tries again when an answer %s in time", async (_name, answer) => {
    expect(await outcome([answer, OK], { attemptTimeoutMs: 150 })).toEqual({ result: ok, requests: 2, pauses: [500] });
  });

  test("says that the time was too short when no attempt was answered", async () => {
    const { result } = await outcome(["hang", "hang"], { attemptTimeoutMs: 100, attempts: 2 });
    expect(result).toBe("timeout");
  });

  test("sends method, key and body as they are, each time", async () => {
    const server = await scriptedServer(status(503), OK);
    const request = {
      method: "POST",
      baseUrl: server.url,
      path: "/sync/batch?x=1",
      body: '{"a":"ü"}',
      apiKey: "os_1",
    } as const;
    await send(request, surroundings(), { policy: DEFAULT_RETRY_POLICY });
    for (const seen of server.seen) {
      expect(seen).toMatchObject({ method: "POST", path: "/sync/batch?x=1", body: '{"a":"ü"}' });
      expect(seen.headers).toMatchObject({ authorization: "Bearer os_1", "content-type": "application/json" });
    }
  });
});

describe("the caller's own signal ends the call, with its own reason,", () => {
  const request = { method: "GET", path: "/health" } as const;

  test("before the first attempt", async () => {
    const server = await scriptedServer();
    const call = send({ ...request, baseUrl: server.url }, surroundings(), {
      policy: DEFAULT_RETRY_POLICY,
      signal: AbortSignal.abort("enough"),
    });
    await expect(call).rejects.toBe("enough");
    expect(server.seen).toEqual([]);
  });

  test("in an attempt", async () => {
    const server = await scriptedServer("hang");
    const controller = new AbortController();
    const world = surroundings();
    const call = send(
      { ...request, baseUrl: server.url },
      { ...world, fetch: abortOnceSent(controller) },
      {
        policy: DEFAULT_RETRY_POLICY,
        signal: controller.signal,
      },
    );
    await expect(call).rejects.toBe("enough");
    expect(world.pauses).toEqual([]);
  });

  test("in a pause", async () => {
    const server = await scriptedServer(status(503, { "retry-after": "30" }));
    const controller = new AbortController();
    const world = {
      ...surroundings(),
      sleep: (ms: number, signal?: AbortSignal) => {
        const pause = sleep(ms, signal);
        controller.abort("enough");
        return pause;
      },
    };
    const call = send({ ...request, baseUrl: server.url }, world, {
      policy: DEFAULT_RETRY_POLICY,
      signal: controller.signal,
    });
    await expect(call).rejects.toBe("enough");
    expect(server.seen).toHaveLength(1);
  });
});

/** The runtime's fetch, aborted right after it was called. */
function abortOnceSent(controller: AbortController) {
  return (url: string, init: RequestInit) => {
    const answer = fetch(url, init);
    controller.abort("enough");
    return answer;
  };
}
