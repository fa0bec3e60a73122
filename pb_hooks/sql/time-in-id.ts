/** The ids that OpenCode gives messages: 12 hexadecimal digits of time, 14 characters of chance. @source OpenCode 0.5-1.18 */
const FORM = `msg_${"[0-9a-f]".repeat(12)}${"[0-9A-Za-z]".repeat(14)}`;

/** The digits are the low 48 bits of `ms * 4096 + counter`. */
const COUNTER_BITS = 12;

/** What is left of the time comes round every 795 days. */
const TIME_MASK = 2 ** (48 - COUNTER_BITS) - 1;

/** A client's clock may be ahead of ours: a time in the next day is one of now. */
const MAX_AHEAD_MS = 86_400_000;

/**
 * When a message came into being, by its id: version 1 of the client for OpenCode states no time, and its history would
 * be of the day on which it was sent. Bind `now`.
 * @param id SQL of the message's id
 * @param arrival SQL of the moment in which it arrives, epoch ms
 * @returns SQL: epoch ms, of the last 795 days and never later than arrival; arrival for an id of another form
 */
export function timeInId(id: string, arrival: string): string {
  // JSON5 knows hexadecimal numbers, which a CAST does not.
  const lowBits = `((('0x' || substr(${id}, 5, 12)) ->> '$') >> ${COUNTER_BITS})`;
  const latest = `({:now} + ${MAX_AHEAD_MS})`;
  const time = `(${latest} - ((${latest} - ${lowBits}) & ${TIME_MASK}))`;
  return `iif(${id} GLOB '${FORM}', min(${time}, ${arrival}), ${arrival})`;
}
