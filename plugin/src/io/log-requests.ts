import type { FetchLike } from "@opensync/client";
import type { Terminal } from "./terminal.ts";

/** A fetch that tells each request in a line for `--verbose`: method, path, status, time. No headers, no bodies. */
export function logRequests(fetch: FetchLike, { detail }: Terminal): FetchLike {
  return async (url, init) => {
    const startedMs = performance.now();
    const name = `${init.method} ${new URL(url).pathname}`;
    const took = () => `${Math.round(performance.now() - startedMs)} ms`;
    try {
      const answer = await fetch(url, init);
      detail(`${name} ${answer.status} ${took()}`);
      return answer;
    } catch (error) {
      detail(`${name} failed ${took()}`);
      throw error;
    }
  };
}
