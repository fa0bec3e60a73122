import { searchAnswerSchema } from "@opensync/client";
import { beforeAll, expect, test } from "vitest";
import { storeFrequentWord } from "../support/search-corpus.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";

// Further pages of a search for a word that very many messages have.

const server = sharedServer();
const ann = sharedAccount(server, { scope: "full" });

beforeAll(() => storeFrequentWord(server, ann));

test("all pages by relevance compare the same messages, and say so alike", async () => {
  const read = async (cursor: string) =>
    searchAnswerSchema.parse(await ann.get(`/api/search?v=2&q=common&limit=5&cursor=${encodeURIComponent(cursor)}`));
  const pages = [await read("")];
  for (let page = 1; page < 4; page += 1) pages.push(await read(pages.at(-1)?.nextCursor ?? ""));
  const [first] = pages;
  expect(first?.exactness).toMatchObject({ isExact: false, searchedBackTo: expect.any(Number) });
  for (const { exactness } of pages) expect(exactness).toEqual(first?.exactness);
  const ids = pages.flatMap(({ results }) => results.map(({ session }) => session.id));
  expect(new Set(ids).size).toBe(20);
});
