import { randomFrom } from "./random.ts";

/** How large a corpus is. */
export interface CorpusSize {
  readonly seed: number;
  readonly messages: number;
}

/** Messages of a session, on average. */
const MESSAGES_A_SESSION = 20;
export const CORPUS_USERS = 20;
const DAY_MS = 86_400_000;
const LAST_DAY = Date.UTC(2026, 10, 20);
/** Days that the corpus reaches back. */
const DAYS = 700;
/** Sessions at work at the same time, whose messages arrive in turns. */
const AT_ONCE = 6;

const SOURCES = ["opencode", "claude-code", "codex-cli", "cursor"];
const MODELS = [
  ["anthropic", "claude-opus-4-5"],
  ["anthropic", "claude-sonnet-4-5"],
  ["openai", "gpt-5.2-codex"],
  ["google", "gemini-3-pro"],
  ["", "local-model"],
] as const;

/** A session before anything of it is written. */
export interface CorpusSession {
  readonly number: number;
  readonly user: number;
  readonly device: string;
  readonly source: string;
  readonly provider: string;
  readonly model: string;
  readonly project: string;
  readonly branch: string;
  readonly createdAt: number;
  /** When the server gets it. Some machines send two years of history on one day. */
  readonly arrivedAt: number;
  readonly messages: number;
}

/**
 * The sessions in order of arrival. Few users have most of them and few sessions most messages, as in real archives:
 * the median session has 8 messages, some have thousands.
 */
export function corpusSessions({ seed, messages }: CorpusSize): CorpusSession[] {
  const random = randomFrom(seed);
  const count = Math.max(CORPUS_USERS, Math.round(messages / MESSAGES_A_SESSION));
  const weights = Array.from({ length: count }, () => Math.exp(1.35 * normal(random)));
  const share = messages / weights.reduce((sum, weight) => sum + weight, 0);
  const sessions = weights.map((weight, number) => sessionOf(random, number, Math.max(1, Math.round(weight * share))));
  return sessions.sort((a, b) => a.arrivedAt - b.arrivedAt || a.createdAt - b.createdAt || a.number - b.number);
}

/** The order in which single messages arrive: those of a few sessions in turns. */
export function* corpusArrivals(
  sessions: readonly CorpusSession[],
): Generator<{ session: CorpusSession; index: number }> {
  for (let first = 0; first < sessions.length; first += AT_ONCE) {
    const group = sessions.slice(first, first + AT_ONCE);
    const longest = Math.max(...group.map(({ messages }) => messages));
    for (let index = 0; index < longest; index += 1) {
      for (const session of group) if (index < session.messages) yield { session, index };
    }
  }
}

function sessionOf(random: () => number, number: number, messages: number): CorpusSession {
  // Zipf's law again: the first user has more than a quarter of everything.
  const user = Math.floor((CORPUS_USERS + 1) ** random()) - 1;
  const deviceNumber = Math.floor(random() * 3);
  const createdAt = LAST_DAY - Math.floor(random() * DAYS) * DAY_MS + Math.floor(random() * DAY_MS);
  const cameLate = deviceNumber === 2;
  const [provider, model] = MODELS[Math.floor(MODELS.length * random() ** 2)] ?? MODELS[0];
  return {
    ...{ number, user, messages, createdAt, provider, model },
    device: `device-${user}-${deviceNumber}`,
    source: SOURCES[Math.floor(SOURCES.length * random() ** 2)] ?? "opencode",
    project: `project-${Math.floor(40 * random() ** 2)}`,
    branch: random() < 0.6 ? "main" : `feature/${Math.floor(random() * 200)}`,
    arrivedAt: cameLate ? Math.max(createdAt, LAST_DAY - 90 * DAY_MS) : createdAt,
  };
}

/** A number of the normal distribution. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
