import { expect, test } from "vitest";
import { createAccount } from "../support/account.ts";
import { requestArchive } from "../support/archive.ts";
import { push } from "../support/push.ts";
import { sharedServer } from "../support/shared.ts";
import { until } from "../support/until.ts";

// What an export says when it could not be complete: its status has been sent long before.

const server = sharedServer();

const TIME = 1_790_000_000_000;
const LAST = 1_499;
const NOT_COMPLETE = "THIS EXPORT IS NOT COMPLETE";

const logged = (path: string) =>
  server.queryLog("SELECT data FROM _logs WHERE message = ?", `${path} broke off`).map(({ data }) => String(data));

/** Someone with a session that is larger than what fits into the buffers between server and reader. */
async function withLargeSession() {
  const account = await createAccount(server, { scope: "full" });
  const message = (index: number, createdAt: number) => ({
    ...{ sessionExternalId: "large", externalId: `m${index}`, role: "user", createdAt },
    textContent: `${index} `.repeat(2_000),
  });
  for (let from = 0; from <= LAST; from += 500) {
    const messages = Array.from({ length: 500 }, (_, index) => message(from + index, TIME + from + index));
    await push(server, account.key, { messages });
  }
  /** Corrects the time of the last message: it now stands before all others. */
  const moveLastToFront = () => push(server, account.key, { messages: [message(LAST, TIME - 1_000)] });
  return { account, moveLastToFront };
}

/** Characters of an answer in which messages have begun: before them is a header at most. */
const HAS_BEGUN = 20_000;

/** Begins to read an answer, lets something happen, and reads on. */
async function readAround(path: string, authorization: string, happen: () => Promise<unknown>): Promise<string> {
  const answer = await fetch(`${server.url}${path}`, { headers: { Authorization: authorization } });
  expect(answer.status).toBe(200);
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (text.length < HAS_BEGUN) {
    const chunk = await reader?.read();
    if (chunk?.value === undefined) throw new Error(`the answer ended at once: ${text}`);
    text += chunk.value;
  }
  await happen();
  for (let chunk = await reader?.read(); chunk?.value !== undefined; chunk = await reader?.read()) text += chunk.value;
  return text;
}

test.for([
  ["/api/export?id=large", "/api/export"],
  ["/api/export?id=large&format=markdown", "/api/export"],
  ["/api/archive", "/api/archive"],
] as const)(
  "%s says at its end that a message is missing which moved while it was written",
  async ([address, path]) => {
    const { account, moveLastToFront } = await withLargeSession();
    const before = logged(path).length;
    const reason = `${LAST} messages were written, but there are ${LAST + 1}`;
    const text = await readAround(address, `Bearer ${account.key}`, moveLastToFront);
    expect(text.slice(-200)).toContain(NOT_COMPLETE);
    await until("the log says why", () => logged(path).slice(before).join().includes(reason));
    if (path === "/api/archive") {
      // Nobody takes it for whole.
      const rest = text.slice(text.indexOf("\n", text.lastIndexOf('{"check":')) + 1);
      const { status, text: said } = await requestArchive(server, "POST", account.token, { body: rest });
      expect([status, said]).toEqual([400, expect.stringContaining("cut off")]);
    }
    // Nothing moves any more.
    const whole = await readAround(address, `Bearer ${account.key}`, async () => undefined);
    expect(whole).not.toContain(NOT_COMPLETE);
    expect(whole).toContain(`${LAST} ${LAST} ${LAST}`);
  },
);
