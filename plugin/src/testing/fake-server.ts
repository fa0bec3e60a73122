import type { FetchAnswer, FetchInit, FetchLike } from "@opensync/client";

/** A request as it reached the server. */
export type SeenRequest = {
  readonly method: string;
  readonly path: string;
  readonly key: string;
  readonly body: unknown;
};

/** A server for command tests: answers from a table and fails on anything that is not in it. */
export type FakeServer = { readonly fetch: FetchLike; readonly requests: SeenRequest[] };

/** Status and JSON of one answer; `"refused"`: nobody listens. */
export type FakeAnswer = readonly [status: number, body: unknown] | "refused";

/**
 * Makes a server.
 * @param answers by `METHOD /path`, without query
 */
export function createFakeServer(answers: Readonly<Record<string, FakeAnswer>>): FakeServer {
  const requests: SeenRequest[] = [];
  const fetch = async (url: string, init: FetchInit): Promise<FetchAnswer> => {
    const { pathname } = new URL(url);
    const answer = answers[`${init.method} ${pathname}`];
    if (answer === undefined) throw new Error(`unexpected request: ${init.method} ${pathname}`);
    const body: unknown = init.body === undefined ? undefined : JSON.parse(init.body);
    requests.push({ method: init.method, path: pathname, key: init.headers["authorization"] ?? "", body });
    if (answer === "refused") {
      throw Object.assign(new TypeError("fetch failed"), {
        cause: Object.assign(new Error("x"), { code: "ECONNREFUSED" }),
      });
    }
    return Response.json(answer[1], { status: answer[0] });
  };
  return { fetch, requests };
}
