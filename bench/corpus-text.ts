import { randomFrom } from "./random.ts";

/** Words of prose and names in code; the n-th most frequent one appears with a weight of 1/n (Zipf's law). */
const WORDS = 60_000;
/** Sentences and lines that texts are put together from: tool output repeats itself the way that files and logs do. */
const POOL = 30_000;
const SYLLABLES = "ba co di fu ge hi jo ka le mi nu po qua re si ta vo we xi za".split(" ");
const FOLDERS = "src lib test app server client docs scripts".split(" ");
const ENDINGS = "ts tsx go py rs md json sql".split(" ");
const CODES = "ERR ENOENT EACCES HTTP SQLITE".split(" ");

type Random = () => number;

const namesRandom = randomFrom(0xc0de);
const NAMES_IN_CODE = Array.from({ length: 12_000 }, () => newIdentifier(namesRandom));

/** The n-th most frequent word. */
export function wordOfRank(rank: number): string {
  let rest = rank;
  let written = "";
  do {
    written += SYLLABLES[rest % SYLLABLES.length];
    rest = Math.floor(rest / SYLLABLES.length);
  } while (rest > 0);
  return written;
}

/** Texts as they stand in sessions: what people ask, what agents answer, what tools are given and print. */
export class CorpusText {
  readonly #sentences: readonly string[];
  readonly #codeLines: readonly string[];

  constructor(seed: number) {
    const random = randomFrom(seed);
    this.#sentences = Array.from({ length: POOL }, () => sentence(random));
    this.#codeLines = Array.from({ length: POOL }, () => codeLine(random));
  }

  /** Prose of about so many characters, with a word or two that are nowhere else. */
  prose(random: Random, length: number): string {
    return `${gather(random, this.#sentences, length, " ")} ${rareWord(random)}`;
  }

  /** Code, listings and logs of about so many characters. */
  output(random: Random, length: number): string {
    return `${gather(random, this.#codeLines, length, "\n")}\n${hex(random, 12)} ${rareWord(random)}`;
  }

  /** A command, a search or a file, as an agent gives it to a tool. */
  input(random: Random): { command: string } | { filePath: string } | { pattern: string; path: string } {
    const kind = random();
    if (kind < 0.4) return { command: `${word(random)} ${word(random)} --${word(random)} ${path(random)}` };
    if (kind < 0.8) return { filePath: `/home/dev/code/${path(random)}` };
    return { pattern: identifier(random), path: path(random) };
  }

  /** A title of a few words. */
  title(random: Random): string {
    return `${word(random)} ${word(random)} ${word(random)} ${identifier(random)}`;
  }
}

function gather(random: Random, pool: readonly string[], length: number, between: string): string {
  let written = pick(random, pool);
  while (written.length < length) written += between + pick(random, pool);
  return written.length > length * 2 ? written.slice(0, length) : written;
}

function sentence(random: Random): string {
  const words = Array.from({ length: 6 + Math.floor(random() * 14) }, () => word(random));
  if (random() < 0.3) words.splice(2, 0, `\`${identifier(random)}\``);
  if (random() < 0.1) words.push(path(random));
  return `${words.join(" ")}.`;
}

function codeLine(random: Random): string {
  const kind = random();
  if (kind < 0.35) return `  const ${identifier(random)} = ${identifier(random)}(${word(random)}, "${word(random)}");`;
  if (kind < 0.55)
    return `${path(random)}:${Math.floor(random() * 900)}: ${word(random)} ${word(random)} ${word(random)}`;
  if (kind < 0.7)
    return `${pick(random, CODES)}_${Math.floor(random() * 9_000)}: ${word(random)} ${word(random)} at ${path(random)}`;
  if (kind < 0.85)
    return `  if (${identifier(random)}.${word(random)} === ${Math.floor(random() * 100)}) return ${identifier(random)};`;
  return `${word(random)} ${word(random)} ${word(random)} ${word(random)} ${Math.floor(random() * 100_000)}`;
}

/** A name in code, out of those that there are: few are used all the time. */
function identifier(random: Random): string {
  return NAMES_IN_CODE[Math.floor(NAMES_IN_CODE.length ** random()) - 1] ?? "main";
}

function newIdentifier(random: Random): string {
  const words = Array.from({ length: 2 + Math.floor(random() * 2) }, () => word(random));
  if (random() < 0.3) return words.join("_");
  return words.map((part, index) => (index === 0 ? part : part.charAt(0).toUpperCase() + part.slice(1))).join("");
}

function path(random: Random): string {
  return `${pick(random, FOLDERS)}/${word(random)}/${word(random)}-${word(random)}.${pick(random, ENDINGS)}`;
}

function rareWord(random: Random): string {
  return `${wordOfRank(WORDS + Math.floor(random() * 3_000_000))}`;
}

function word(random: Random): string {
  return wordOfRank(Math.floor(WORDS ** random()));
}

function hex(random: Random, digits: number): string {
  return Math.floor(random() * 16 ** digits)
    .toString(16)
    .padStart(digits, "0");
}

function pick<Choice>(random: Random, choices: readonly Choice[]): Choice {
  const choice = choices[Math.floor(random() * choices.length)];
  if (choice === undefined) throw new Error("there is nothing to pick from");
  return choice;
}
