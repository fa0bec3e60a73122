import { describe, expect, test } from "vitest";
import { archiveBodies } from "./archive.ts";

const check = `{"check":{"sha256":"${"a".repeat(64)}"}}\n`;
/** A piece of an archive of this length in text. */
const piece = (length: number) => `{"message":{"textContent":"${"x".repeat(length)}"}}\n${check}`;
const end = `{"end":{"sessions":0,"messages":0,"sha256":"${"b".repeat(64)}"}}\n`;

async function bodiesOf(text: string, chunkLength: number): Promise<string[]> {
  async function* chunks() {
    for (let at = 0; at < text.length; at += chunkLength) yield text.slice(at, at + chunkLength);
  }
  const bodies: string[] = [];
  for await (const body of archiveBodies(chunks())) bodies.push(body);
  return bodies;
}

describe("an archive is cut into requests", () => {
  const small = Array.from({ length: 30 }, (_, index) => piece(index)).join("") + end;
  const large = piece(1_500_000) + piece(1_500_000) + piece(10) + piece(5_000_000) + piece(10) + end;

  test.for([1, 2, 7, 88, 100, 5_000])(
    "behind whole pieces, however it arrives: %d characters at a time",
    async (length) => {
      const bodies = await bodiesOf(small, length);
      expect(bodies).toEqual([small]);
    },
  );

  test.for([4_096, 1_000_003, 100_000_000])("of a few million characters: %d characters at a time", async (length) => {
    const bodies = await bodiesOf(large, length);
    expect(bodies.join("")).toBe(large);
    for (const body of bodies.slice(0, -1)) expect(body.endsWith(check)).toBe(true);
    if (length < 2_000_000) expect(bodies.length).toBeGreaterThan(2);
  });

  test("with what is left of one that is cut off, for the server to refuse", async () => {
    expect(await bodiesOf(piece(5) + piece(5).slice(0, 30), 10)).toEqual([piece(5) + piece(5).slice(0, 30)]);
    expect(await bodiesOf("", 10)).toEqual([]);
  });
});
