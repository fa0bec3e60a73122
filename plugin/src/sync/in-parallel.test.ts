import { expect, test } from "vitest";
import { collect } from "../testing/collect.ts";
import { inParallel } from "./in-parallel.ts";

/** Work that ends when the test says so. */
function workshop() {
  const open = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
  let most = 0;
  const work = (item: number) =>
    new Promise<number>((resolve, reject) => {
      open.set(item, { resolve: () => resolve(item * 10), reject });
      most = Math.max(most, open.size);
    }).finally(() => open.delete(item));
  return { open, work, most: () => most };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("no more than the limit is under way, and all of it comes out", async () => {
  const { open, work, most } = workshop();
  const results = collect(inParallel([1, 2, 3, 4, 5], 2, work));
  while (open.size > 0 || most() === 0) {
    for (const { resolve } of [...open.values()].reverse()) resolve();
    await turn();
  }
  expect((await results).sort((a, b) => a - b)).toEqual([10, 20, 30, 40, 50]);
  expect(most()).toBe(2);
});

test("nothing is begun after the stop, and what is under way is finished", async () => {
  const { open, work } = workshop();
  const stop = new AbortController();
  const results = collect(inParallel([1, 2, 3, 4], 2, work, stop.signal));
  await turn();
  stop.abort();
  for (const { resolve } of open.values()) resolve();
  expect(await results).toEqual([10, 20]);
});

test("an error comes out once the others are finished", async () => {
  const { open, work } = workshop();
  let isOver = false;
  const results = collect(inParallel([1, 2], 2, work)).finally(() => {
    isOver = true;
  });
  await turn();
  open.get(1)?.reject(new Error("no"));
  await turn();
  expect(isOver).toBe(false);
  open.get(2)?.resolve();
  await expect(results).rejects.toThrow("no");
});

test("of nothing comes nothing", async () => {
  expect(await collect(inParallel([], 3, async () => 1))).toEqual([]);
});
