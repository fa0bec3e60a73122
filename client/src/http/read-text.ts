import type { FetchAnswer } from "./fetch-like.ts";

/**
 * Largest answer that is read, in bytes. The greatest honest one, the digests of 500,000 sessions, is a third of it;
 * whatever answers with more is no server of ours, and may run inside the agent's process.
 */
const MAX_ANSWER_BYTES = 96 * 1024 * 1024;

/**
 * The body of an answer as text.
 * @returns the text, empty without a body; undefined when it is larger than the limit (the rest is not read)
 * @throws what the stream rejects with
 */
export async function readText(answer: FetchAnswer, maxBytes = MAX_ANSWER_BYTES): Promise<string | undefined> {
  if (answer.body === null) return "";
  const reader = answer.body.getReader();
  const decoder = new TextDecoder();
  const pieces: string[] = [];
  for (let bytes = 0; ; ) {
    const { done, value } = await reader.read();
    if (done || value === undefined) return pieces.join("") + decoder.decode();
    bytes += value.byteLength;
    if (bytes > maxBytes) {
      await reader.cancel();
      return undefined;
    }
    pieces.push(decoder.decode(value, { stream: true }));
  }
}
