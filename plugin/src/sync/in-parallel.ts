/**
 * Works on several things at a time, and gives results as they come.
 * @param limit most that are under way at once, at least 1
 * @param stop when it fires nothing new is begun; what is under way is finished
 * @throws the first error of `work`; what is under way is finished before
 */
export async function* inParallel<Item, Result>(
  items: Iterable<Item>,
  limit: number,
  work: (item: Item) => Promise<Result>,
  stop?: AbortSignal,
): AsyncGenerator<Result> {
  const waiting = items[Symbol.iterator]();
  const running = new Map<symbol, Promise<readonly [symbol, Result]>>();
  const begin = (): boolean => {
    const next = stop?.aborted ? undefined : waiting.next();
    if (next === undefined || next.done) return false;
    const ticket = Symbol();
    const result = work(next.value).then((value) => [ticket, value] as const);
    // Somebody else may be waited for when it fails: it is told below.
    result.catch(() => undefined);
    running.set(ticket, result);
    return true;
  };
  try {
    while (running.size < limit && begin());
    while (running.size > 0) {
      const [ticket, result] = await Promise.race(running.values());
      running.delete(ticket);
      begin();
      yield result;
    }
  } finally {
    await Promise.allSettled(running.values());
  }
}
