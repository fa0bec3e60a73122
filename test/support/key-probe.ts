import { startProbeServer } from "./probe-server.ts";
import type { TestServer } from "./server.ts";

/** A server with a route that any valid key may ask, `/probe/key`. */
export const startKeyProbe = (): Promise<TestServer> =>
  startProbeServer({
    "GET /probe/key": `lib.guardBodyless(e, () => { e.json(200, lib.requireKey(e, "sync")); });`,
  });

/** The status of a request that only a valid key may make. */
export async function statusWith(server: TestServer, authorization: string): Promise<number> {
  const answer = await fetch(`${server.url}/probe/key`, { headers: { Authorization: authorization } });
  await answer.arrayBuffer();
  return answer.status;
}
