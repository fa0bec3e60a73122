import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countMasks, findSecrets, maskText } from "./mask-text.ts";
import { scan } from "./scan.ts";
import { ORDINARY } from "./testing/ordinary.ts";
import { MACHINE_VALUE, PASSWORD, privateKey, random, TOKENS } from "./testing/planted.ts";
import { createValueFinder } from "./value-finder.ts";

const known = createValueFinder([{ name: "MY_SECRET", value: MACHINE_VALUE }]);
const finders = [known, scan];
const mask = (text: string) => maskText(text, finders);

/** Secrets, the things around them that decide about them, and ordinary text. */
const piece = fc.oneof(
  fc.constantFrom(...TOKENS.map(([, token]) => token)),
  fc.constantFrom(
    MACHINE_VALUE,
    PASSWORD,
    privateKey("RSA PRIVATE KEY"),
    Buffer.from(`x:${MACHINE_VALUE}`).toString("base64"),
  ),
  fc.constantFrom(
    ...'DB_PASSWORD=|apiKey: |"token": "|\\"secret\\": \\"|Bearer |Basic |Authorization: |Cookie: |://u:|@host/|--password |-u a:|-----BEGIN PRIVATE KEY-----|-----END PRIVATE KEY-----|sk-|AKIA|eyJ|ghp_|[redacted:x]|[redacted:|"|\'|`|\\|=|:|.|-|_| |\n|\\n|;|&|]|x1|$|{'.split(
      "|",
    ),
  ),
  fc.constantFrom(...ORDINARY),
  fc.string({ maxLength: 12 }),
);
const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));

test("masking what is masked changes nothing", () => {
  fc.assert(
    fc.property(text, (original) => {
      const once = mask(original);
      expect(mask(once)).toBe(once);
      expect(findSecrets(once, finders)).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
}, 30_000);

test("a planted secret never comes through, whatever stands around it", () => {
  const around = fc.array(fc.oneof(fc.constantFrom(...ORDINARY), fc.string({ maxLength: 9 })), { maxLength: 4 });
  const secret = fc.constantFrom(...TOKENS.map(([, token]) => token), MACHINE_VALUE);
  fc.assert(
    fc.property(around, secret, around, (before, planted, after) => {
      expect(mask([...before, planted, ...after].join("\n"))).not.toContain(planted);
    }),
    { numRuns: 1_000 },
  );
});

test("what is between masks is what stood between the secrets", () => {
  fc.assert(
    fc.property(text, (original) => {
      const parts = mask(original).split(/\[redacted:[\w.-]{1,64}\]/);
      let at = 0;
      for (const part of parts) {
        const found = original.indexOf(part, at);
        expect(found).toBeGreaterThanOrEqual(at);
        at = found + part.length;
      }
    }),
    { numRuns: 500 },
  );
});

test("finds that overlap are one place", () => {
  const [, token] = TOKENS.find(([name]) => name === "github-token") ?? expect.fail();
  expect(mask(`GITHUB_TOKEN=${token}`)).toBe("GITHUB_TOKEN=[redacted:github-token]");
  expect(mask(`{"password":"a${MACHINE_VALUE}b"}`)).toBe('{"password":"[redacted:password]"}');
  expect(countMasks(mask(`Authorization: Bearer ${token}`))).toBe(1);
});

/** What would find a quadratic step: beginnings of everything that is looked for, without its end. */
const ADVERSARIAL =
  'a|sk-|M1|glsa_|-eyJ|eyJ.|token=|TOKEN=|token:|token: a1b2c3|cookie:|authorization: |://|://a:b/|x://a:b@c |password="|\\"password\\":\\"|-----BEGIN PRIVATE KEY-----|-----END |Bearer a1 |Basic YTpi |--password |[redacted:x]|[redacted:|api_key: abc12345\n|:|"|\\|AKIAABCDEFGHIJKLMNOP|://hooks.slack.com/services/|-u a:|\u001b[1;|%41%|SG.-|http://a@'.split(
    "|",
  );

describe("adversarial texts take time in proportion to their length", () => {
  const repeated = (part: string, length: number) => part.repeat(Math.ceil(length / part.length));
  const cpuMs = (work: () => void) => {
    const before = process.cpuUsage();
    work();
    const { user } = process.cpuUsage(before);
    return user / 1_000;
  };

  // Linear work takes less than a second of it; a quadratic step on a million characters takes hours.
  test.each(ADVERSARIAL)(
    "a megabyte of %j",
    (part) => {
      expect(cpuMs(() => mask(repeated(part, 1_000_000)))).toBeLessThan(10_000);
    },
    60_000,
  );

  test("ten megabytes of all of it", () => {
    const long = ADVERSARIAL.map((part) => repeated(part, 10_000_000 / ADVERSARIAL.length)).join("\n");
    expect(long.length).toBeGreaterThan(10_000_000);
    expect(cpuMs(() => mask(long))).toBeLessThan(60_000);
  }, 240_000);

  test("and so does a text full of secrets", () => {
    const full = repeated(
      `${random.mixed(3)} DB_PASSWORD=${PASSWORD}\n${TOKENS[0]?.[1]}\n${MACHINE_VALUE}\n`,
      1_000_000,
    );
    expect(cpuMs(() => mask(full))).toBeLessThan(15_000);
  }, 60_000);
});
