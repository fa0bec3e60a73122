import { beforeEach, describe, expect, test } from "vitest";
import { createAccount } from "../support/account.ts";
import { push } from "../support/push.ts";
import { createUser, startServer } from "../support/server.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";
import { until } from "../support/until.ts";

const server = sharedServer(() => startServer({ env: { OPENSYNC_TRUSTED_PROXY: "X-Forwarded-For" } }));
const ann = sharedAccount(server);
let addresses = 0;
/** Each test comes from a network of its own. */
let address = "";

beforeEach(() => {
  addresses += 1;
  address = `203.0.113.${addresses}`;
});

async function send(method: string, path: string, authorization: string, body?: object, from = address) {
  const headers = { Authorization: authorization, "X-Forwarded-For": from, "Content-Type": "application/json" };
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(server.url + path, { method, headers, ...init });
  return { status: answer.status, retryAfter: answer.headers.get("Retry-After"), text: await answer.text() };
}

/** How often the first status was answered until the second was. */
async function countUntil(status: number, then: number, attempt: () => ReturnType<typeof send>): Promise<number> {
  for (let count = 0; count < 150; count += 1) {
    const answer = await attempt();
    if (answer.status === then) {
      expect(Number(answer.retryAfter)).toBeGreaterThan(0);
      expect(Number(answer.retryAfter)).toBeLessThanOrEqual(300);
      expect(JSON.parse(answer.text)).toEqual({ error: expect.stringContaining(`${answer.retryAfter} seconds`) });
      return count;
    }
    expect(answer).toMatchObject({ status });
  }
  throw new Error(`status ${then} never came`);
}

/** A window that has just begun does not end in the middle of a test. */
async function freshWindow(windowMs: number, neededMs: number): Promise<void> {
  await until(
    "there is time enough in this window",
    () => windowMs - (Date.now() % windowMs) > neededMs,
    neededMs + 5000,
  );
}

const WRONG_PASSWORD = "nobody has this password";
const WRONG_KEY = `os_${"Q".repeat(43)}`;
/** Networks that were refused. */
const flooded = { keys: "", signIns: "" };

const guessKey = (from = address) => send("GET", "/sync/sessions/list", `Bearer ${WRONG_KEY}`, undefined, from);
const signIn = (password: string, from = address) =>
  send("POST", "/api/collections/users/auth-with-password", "", { identity: ann.email, password }, from);

describe("guessing keys", () => {
  beforeEach(() => freshWindow(60_000, 10_000));

  test("is slowed after a hundred from one network", async () => {
    flooded.keys = address;
    expect(await countUntil(401, 429, guessKey)).toBe(100);
    expect((await guessKey("198.51.100.1")).status, "from elsewhere").toBe(401);
  });

  test("does not lock out the machines that work behind the same address", async () => {
    await push(server, ann.key, {});
    await countUntil(401, 429, guessKey);
    expect((await send("GET", "/sync/sessions/list", `Bearer ${ann.key}`)).status).toBe(200);
  });

  test("is not helped by the many addresses of one IPv6 network", async () => {
    let host = 0;
    const guess = () => {
      host += 1;
      return guessKey(`2001:db8:0:${addresses}::${host.toString(16)}`);
    };
    expect(await countUntil(401, 429, guess)).toBe(100);
  });

  test("is not helped by strange keys, nor by other routes", async () => {
    let turn = 0;
    const guess = () => {
      turn += 1;
      const path = ["/sync/sessions/list", "/api/sessions/x/restore"][turn % 2] ?? "";
      return send(turn % 2 === 0 ? "GET" : "POST", path, turn % 3 === 0 ? "Bearer nonsense" : "Bearer os_12345678");
    };
    expect(await countUntil(401, 429, guess)).toBe(100);
  });
});

describe("guessing passwords", () => {
  beforeEach(() => freshWindow(300_000, 20_000));

  test("is slowed after twenty from one network, of users", async () => {
    flooded.signIns = address;
    expect(await countUntil(400, 429, () => signIn(WRONG_PASSWORD))).toBe(20);
    expect((await signIn(ann.password)).status, "even with the right one").toBe(429);
    expect((await signIn(ann.password, "198.51.100.2")).status, "from elsewhere").toBe(200);
  });

  test("is slowed for accounts that do not exist, and for administrators", async () => {
    let turn = 0;
    const guess = () => {
      turn += 1;
      const collection = turn % 2 === 0 ? "users" : "_superusers";
      const body = { identity: `nobody-${turn}@example.com`, password: WRONG_PASSWORD };
      return send("POST", `/api/collections/${collection}/auth-with-password`, "", body);
    };
    expect(await countUntil(400, 429, guess)).toBe(20);
  });

  test("is slowed also when all of them are sent at once", async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => signIn(WRONG_PASSWORD)));
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(20);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(20);
  });

  test("does not count those who know theirs", async () => {
    for (let turn = 0; turn < 22; turn += 1) expect((await signIn(ann.password)).status).toBe(200);
  });

  test("is slowed after ten for whoever has a token but not the password", async () => {
    const ben = await createUser(server);
    let turn = 0;
    const attempt = () => {
      turn += 1;
      return send("DELETE", "/api/account", ben.token, { password: WRONG_PASSWORD }, `198.51.100.${turn}`);
    };
    expect(await countUntil(403, 429, attempt)).toBe(10);
    expect((await send("DELETE", "/api/account", ben.token, { password: ben.password })).status).toBe(429);
  });
});

test("guessing the setup link is slowed, whatever address a header claims that no proxy vouches for", async () => {
  await freshWindow(300_000, 10_000);
  const fresh = await startServer();
  try {
    const statuses: number[] = [];
    for (let turn = 0; turn < 22; turn += 1) {
      const body = JSON.stringify({ token: "wrong", email: "a@example.com", password: "long enough password" });
      const headers = { "X-Forwarded-For": `203.0.113.${turn}`, "X-Real-IP": `203.0.113.${turn}` };
      statuses.push((await fetch(`${fresh.url}/api/setup`, { method: "POST", headers, body })).status);
    }
    expect(statuses).toEqual([...Array.from({ length: 20 }, () => 401), 429, 429]);
  } finally {
    await fresh.stop();
  }
});

test("sixteen machines that push at once with one key are never refused", async () => {
  let pushed = 0;
  const machine = async (name: number) => {
    for (let turn = 0; turn < 12; turn += 1) {
      const session = `s${name}-${turn}`;
      const message = { sessionExternalId: session, externalId: "m", role: "user", textContent: "hello" };
      const answer = await send("POST", "/sync/batch", `Bearer ${ann.key}`, { messages: [message] });
      expect(answer).toMatchObject({ status: 200 });
      pushed += 1;
    }
  };
  await Promise.all(Array.from({ length: 16 }, (_, name) => machine(name)));
  expect(pushed).toBe(192);
});

test("a key that asks for more than the operator allows is refused for the rest of the minute, and others are not", async () => {
  const strict = await startServer({ env: { OPENSYNC_REQUESTS_PER_KEY: "50" } });
  try {
    const [wild, calm] = [await createAccount(strict, { scope: "full" }), await createAccount(strict)];
    const statusOf = async (key: string) => {
      const headers = { Authorization: `Bearer ${key}` };
      const answer = await fetch(`${strict.url}/sync/sessions/list`, { headers });
      return [answer.status, answer.headers.get("Retry-After"), await answer.text()] as const;
    };
    // More than two minutes' worth: the hundred may lie on both sides of the end of one.
    const answers = [];
    for (let turn = 0; turn < 110; turn += 1) answers.push(await statusOf(wild.key));
    const refused = answers.filter(([status]) => status === 429);
    expect(answers.slice(0, 50).every(([status]) => status === 200)).toBe(true);
    expect(refused.length).toBeGreaterThanOrEqual(10);
    for (const [, retryAfter, text] of refused) {
      expect(Number(retryAfter)).toBeGreaterThan(0);
      expect(Number(retryAfter)).toBeLessThanOrEqual(60);
      expect(text).toContain("Too many requests with one API key");
    }
    expect((await statusOf(calm.key))[0]).toBe(200);
  } finally {
    await strict.stop();
  }
}, 60_000);

test("PocketBase's own routes that send mail are limited, too", async () => {
  const ask = () => send("POST", "/api/collections/users/request-password-reset", "", { email: "nobody@example.com" });
  const statuses = [];
  for (let turn = 0; turn < 6; turn += 1) statuses.push((await ask()).status);
  expect(statuses).toEqual([204, 204, 204, 204, 204, 429]);
});

test("a refusal is logged once a window, with the network and without what was tried", async () => {
  const refusals = (of: string) =>
    server
      .queryLog("SELECT message FROM _logs WHERE message LIKE 'Refused%' AND data LIKE ?", `%"${of}"%`)
      .map(({ message }) => String(message));
  await until("the log was written", () => refusals(flooded.signIns).length > 0 && refusals(flooded.keys).length > 0);
  expect(refusals(flooded.keys)).toEqual(["Refused: too many invalid API keys."]);
  expect(refusals(flooded.signIns)).toEqual(["Refused: too many failed sign-ins."]);
  const all = JSON.stringify(server.queryLog("SELECT message, data FROM _logs"));
  for (const secret of [ann.key, ann.password, ann.token, WRONG_PASSWORD, WRONG_KEY]) {
    expect(all.includes(secret)).toBe(false);
    expect(server.output().includes(secret)).toBe(false);
  }
});
