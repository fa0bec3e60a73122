import { type Message, messageSchema, type Session, sessionSchema } from "@opensync/client";
import fc from "fast-check";

/** Items of one request. */
export interface Batch {
  readonly sessions: readonly Session[];
  readonly messages: readonly Message[];
}

/** Items as several devices send them over time, and the requests in which they arrive. */
export interface History {
  /** Each item once, in the order in which it came to be. */
  readonly items: Batch;
  /** The same items in any order, some of them several times, cut into requests. */
  readonly requests: readonly Batch[];
}

type Fields = Readonly<Record<string, unknown>>;

const time = fc.integer({ min: 1_700_000_000_000, max: 1_700_010_000_000 });
const count = fc.nat({ max: 5000 });
const word = fc.constantFrom("alpha", "beta", "gamma", "{delta}", "[1]", "ünï\u{1F600}");
const tokens = fc.record({ input: count, cacheRead: count, cacheWrite: count, output: count, reasoning: count });
const meta = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.oneof(word, count, fc.boolean()), { minKeys: 1 });

const shared = {
  model: fc.constantFrom("opus", "sonnet"),
  provider: fc.constantFrom("anthropic", "openai"),
  tokens,
  cost: fc.integer({ min: 0, max: 5_000_000 }).map((micros) => micros / 1e6),
  costSource: fc.constantFrom("reported", "computed", "unknown"),
  durationMs: count,
  meta,
};

const sessionContent: fc.Arbitrary<Fields> = fc.record(
  {
    ...shared,
    title: word,
    projectPath: fc.constantFrom("/home/me/app", "C:\\work\\app\\", "/"),
    projectName: word,
    agentVersion: word,
    parentExternalId: word,
    forkedFrom: word,
    archivedAt: time,
    todos: fc.array(fc.record({ content: word, status: word }), { maxLength: 2 }),
  },
  { requiredKeys: [] },
);

const part = fc.oneof(
  fc.record({ type: fc.constantFrom("text", "thinking"), content: word }),
  fc.record({
    type: fc.constant("tool-call"),
    content: fc.record({ id: word, toolName: word, args: fc.dictionary(word, word) }),
  }),
  fc.record({
    type: fc.constant("tool-result"),
    content: fc.record({ id: word, output: fc.oneof(word, fc.array(word)) }),
  }),
);

const messageContent: fc.Arbitrary<Fields> = fc.record(
  {
    ...shared,
    textContent: word,
    parts: fc.array(part, { maxLength: 3 }),
    agent: word,
    // Few, so that several messages are copies of one paid response.
    responseId: fc.constantFrom("response-1", "response-2", "response-3"),
    serviceTier: word,
    error: fc.record({ name: word, message: word }),
  },
  { requiredKeys: [] },
);

/** What all items of one thing say: by partials alone, by partials beside snapshots, by snapshots. */
interface Constants {
  readonly partial: fc.Arbitrary<Fields>;
  readonly beside: fc.Arbitrary<Fields>;
  readonly snapshot: fc.Arbitrary<Fields>;
}

const role = fc.constantFrom("user", "assistant", "tool");

/** Beside snapshots a partial says nothing that a snapshot may leave open: what is observed, and where it is from. */
const sessionConstants: Constants = {
  partial: fc.record({ source: fc.constantFrom("pi", "cursor-sync"), device: word }, { requiredKeys: [] }),
  beside: fc.constant({}),
  snapshot: fc.record(
    { source: fc.constantFrom("opencode", "cursor-sync"), createdAt: time, gitBranch: word, device: word },
    { requiredKeys: ["source", "createdAt"] },
  ),
};
const messageConstants: Constants = {
  partial: fc.record({ role }),
  beside: fc.record({ role }),
  snapshot: fc.record({ role, createdAt: time }),
};

/** One thing over time: partials that agree with each other, snapshots with distinct versions, or both. */
function itemsOf(content: fc.Arbitrary<Fields>, constants: Constants): fc.Arbitrary<readonly Fields[]> {
  const both = fc.tuple(partials(content, constants.beside), snapshots(content, constants.snapshot));
  return fc.oneof(
    fc.constant([]),
    partials(content, constants.partial),
    snapshots(content, constants.snapshot),
    both.map((lists) => lists.flat()),
  );
}

/** What an old client sends of one item: some of its fields each time, its tokens with or without their kinds. */
function partials(content: fc.Arbitrary<Fields>, constant: fc.Arbitrary<Fields>): fc.Arbitrary<Fields[]> {
  return fc.tuple(content, constant).chain(([truth, always]) => {
    const some = fc.tuple(fc.subarray(Object.entries(truth)), fc.boolean(), fc.option(time), fc.option(time));
    const one = some.map(([entries, hasKinds, createdAt, updatedAt]) => {
      const { tokens: kinds, ...fields } = Object.fromEntries(entries);
      return { ...(hasKinds ? { tokens: kinds ?? null } : sumsOf(kinds)), ...fields, createdAt, updatedAt, ...always };
    });
    return fc.array(one, { minLength: 1, maxLength: 4 });
  });
}

function sumsOf(kinds: unknown): Fields {
  const parsed = sessionSchema.parse({ externalId: "x", tokens: kinds ?? null }).tokens;
  if (!parsed) return {};
  const { input = 0, cacheRead = 0, cacheWrite = 0, output = 0 } = parsed;
  return { promptTokens: input + cacheRead + cacheWrite, completionTokens: output };
}

/** What our clients send: versions of an item, each with its hash; some content stays over versions, some is masked more. */
function snapshots(content: fc.Arbitrary<Fields>, constant: fc.Arbitrary<Fields>): fc.Arbitrary<Fields[]> {
  const versions = fc.uniqueArray(fc.record({ updatedAt: time, content, stays: fc.boolean(), removed: fc.boolean() }), {
    selector: ({ updatedAt }) => updatedAt,
    minLength: 1,
    maxLength: 4,
  });
  return fc
    .tuple(versions, constant, fc.integer({ min: 1, max: 2 ** 40 }), fc.boolean())
    .map(([list, always, hash, isMasked]) => {
      const items: Fields[] = [];
      let last: Fields = {};
      for (const [index, version] of list.toSorted((a, b) => a.updatedAt - b.updatedAt).entries()) {
        const isSame = version.stays && index > 0;
        if (!isSame) last = { ...version.content, hash: hash + index };
        const removed = version.removed ? { removedAt: version.updatedAt } : {};
        items.push({ ...last, ...always, ...removed, updatedAt: version.updatedAt });
      }
      // A device that knows more secrets sends the newest version too; what it masks is never unmasked.
      const newest = items.at(-1) ?? {};
      return isMasked ? [...items, { ...newest, title: "▮▮▮", textContent: "▮▮▮", redacted: 2 }] : items;
    });
}

/** Histories of a few sessions and messages. */
export function histories(): fc.Arbitrary<History> {
  const sessionIds = ["a", "b", "c"];
  const sessions = sessionIds.map((externalId) =>
    itemsOf(sessionContent, sessionConstants).map((items) =>
      items.map((item) => sessionSchema.parse({ ...item, externalId })),
    ),
  );
  const messages = sessionIds.flatMap((sessionExternalId) =>
    ["m1", "m2", "m3"].map((externalId) =>
      itemsOf(messageContent, messageConstants).map((items) =>
        items.map((item) => messageSchema.parse({ ...item, sessionExternalId, externalId })),
      ),
    ),
  );
  return fc.tuple(fc.tuple(...sessions), fc.tuple(...messages)).chain(([s, m]) => {
    const items = { sessions: s.flat(), messages: m.flat() };
    return arrivals(items).map((requests) => ({ items, requests }));
  });
}

/** The same history under ids of its own, so that many can share a server and a user. */
export function renamed(history: History, prefix: string): History {
  const rename = ({ sessions, messages }: Batch): Batch => ({
    sessions: sessions.map((session) => ({ ...session, externalId: `${prefix}-${session.externalId}` })),
    messages: messages.map((message) => ({
      ...message,
      sessionExternalId: `${prefix}-${message.sessionExternalId}`,
      ...(message.responseId === undefined ? {} : { responseId: `${prefix}-${message.responseId}` }),
    })),
  });
  return { items: rename(history.items), requests: history.requests.map(rename) };
}

/** Any order, some of it twice, in up to five requests. */
function arrivals({ sessions, messages }: Batch): fc.Arbitrary<Batch[]> {
  const all = [...sessions.map((session) => ({ session })), ...messages.map((message) => ({ message }))];
  const order = fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 });
  return fc.tuple(order, fc.array(fc.nat({ max: all.length * 2 }), { maxLength: 4 })).map(([items, cuts]) => {
    const bounds = [0, ...cuts.toSorted((a, b) => a - b), items.length];
    return bounds.slice(1).map((end, index) => {
      const some = items.slice(bounds[index], end);
      return {
        sessions: some.flatMap((item) => ("session" in item ? [item.session] : [])),
        messages: some.flatMap((item) => ("message" in item ? [item.message] : [])),
      };
    });
  });
}
