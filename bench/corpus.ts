import { randomFrom } from "./random.ts";

/** A message as our clients send it: a snapshot with version and hash, about 2 kB of JSON. */
export type CorpusMessage = ReturnType<typeof corpusMessage>;

const MESSAGES_A_SESSION = 20;
const FIRST_CREATED_AT = Date.UTC(2026, 0, 1);
const WORDS = 20_000;
const syllables = "ba co di fu ge hi jo ka le mi nu po qua re si ta vo we xi za".split(" ");

/** The n-th session of the corpus. */
export function corpusSession(number: number) {
  const createdAt = FIRST_CREATED_AT + number * 600_000;
  return {
    externalId: sessionId(number),
    source: "opencode",
    title: text(randomFrom(number), 40),
    projectPath: `/home/dev/code/project-${number % 40}`,
    model: "example-model",
    provider: "example",
    device: `device-${number % 3}`,
    createdAt,
    updatedAt: createdAt + 500_000,
    hash: 1_000_000 + number,
    redacted: 0,
  };
}

/** The n-th message of the corpus; twenty in a row belong to one session. */
export function corpusMessage(number: number) {
  const random = randomFrom(number ^ 0x5eed);
  const createdAt = FIRST_CREATED_AT + Math.floor(number / MESSAGES_A_SESSION) * 600_000 + (number % 20) * 20_000;
  const isAnswer = number % 2 === 1;
  return {
    sessionExternalId: sessionId(Math.floor(number / MESSAGES_A_SESSION)),
    externalId: `msg_${number}`,
    role: isAnswer ? ("assistant" as const) : ("user" as const),
    source: "opencode",
    textContent: text(random, 700),
    parts: [
      { type: "text", content: text(random, 300) },
      { type: "tool-call", content: { id: `call_${number}`, toolName: "bash", args: { command: text(random, 120) } } },
      { type: "tool-result", content: { id: `call_${number}`, output: text(random, 500) } },
    ],
    ...(isAnswer && {
      model: "example-model",
      provider: "example",
      responseId: `response_${number}`,
      tokens: { input: 1_200, cacheRead: 900, cacheWrite: 0, cacheWrite1h: 0, output: 180, reasoning: 25 },
      cost: 0.006_66,
      costSource: "reported" as const,
    }),
    createdAt,
    updatedAt: createdAt + 5_000,
    hash: 1 + Math.floor(random() * 1_099_511_627_775),
    redacted: 0,
  };
}

/** The messages `from` … `from + count - 1`, in lists of `size`. */
export function corpusBatches(from: number, count: number, size: number): CorpusMessage[][] {
  const messages = Array.from({ length: count }, (_, index) => corpusMessage(from + index));
  return Array.from({ length: Math.ceil(count / size) }, (_, index) =>
    messages.slice(index * size, (index + 1) * size),
  );
}

function sessionId(number: number): string {
  return `ses_${number}`;
}

/** Words by Zipf's law (the n-th most frequent one appears with a weight of 1/n), up to `length` characters. */
function text(random: () => number, length: number): string {
  let written = "";
  while (written.length < length) written += `${word(Math.floor(WORDS ** random()))} `;
  return written.slice(0, length).trimEnd();
}

function word(rank: number): string {
  let rest = rank;
  let written = "";
  do {
    written += syllables[rest % syllables.length];
    rest = Math.floor(rest / syllables.length);
  } while (rest > 0);
  return written;
}
