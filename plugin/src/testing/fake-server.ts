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

/** One answer to a kind of request, or a list: the first for the first request, the last for all that follow. */
export type FakeAnswers = FakeAnswer | readonly FakeAnswer[];

/**
 * Makes a server.
 * @param answers by `METHOD /path`, without query
 */
export function createFakeServer(answers: Readonly<Record<string, FakeAnswers>>): FakeServer {
  const requests: SeenRequest[] = [];
  const fetch = async (url: string, init: FetchInit): Promise<FetchAnswer> => {
    const { pathname } = new URL(url);
    const seen = requests.filter(({ method, path }) => method === init.method && path === pathname).length;
    const answer = pick(answers[`${init.method} ${pathname}`], seen);
    if (answer === undefined) throw new Error(`unexpected request: ${init.method} ${pathname}`);
    const body: unknown = init.body === undefined ? undefined : JSON.parse(init.body);
    requests.push({ method: init.method, path: pathname, key: init.headers["authorization"] ?? "", body });
    if (answer === "refused") {
      throw Object.assign(new TypeError("fetch failed"), {
        cause: Object.assign(new Error("x"), { code: "ECONNREFUSED" }),
      });
    }
    return answer[0] === 204 ? new Response(null, { status: 204 }) : Response.json(answer[1], { status: answer[0] });
  };
  return { fetch, requests };
}

function pick(answers: FakeAnswers | undefined, seen: number): FakeAnswer | undefined {
  return isList(answers) ? (answers[seen] ?? answers.at(-1)) : answers;
}

/** A single answer begins with its status. */
function isList(answers: FakeAnswers | undefined): answers is readonly FakeAnswer[] {
  return Array.isArray(answers) && typeof answers[0] !== "number";
}
