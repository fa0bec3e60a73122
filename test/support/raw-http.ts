import { once } from "node:events";
import { connect } from "node:net";
import { until } from "./until.ts";

/**
 * Sends bytes on one connection and collects all that comes back, for what a real client would never send.
 * @param done when to stop listening; the end of the connection always does
 */
export async function rawExchange(url: string, request: string, done: (answer: string) => boolean): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let answer = "";
  let isOver = false;
  socket.setEncoding("latin1").on("data", (text: string) => {
    answer += text;
  });
  // A reset is an end like any other: what counts is what came before.
  socket
    .on("error", () => {})
    .on("close", () => {
      isOver = true;
    });
  await once(socket, "connect");
  socket.write(request, "latin1");
  await until("the answer is whole", () => isOver || done(answer));
  socket.destroy();
  return answer;
}

/** The status codes of the answers in what {@link rawExchange} collected. */
export function statusCodes(answer: string): number[] {
  return [...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => Number(match[1]));
}
