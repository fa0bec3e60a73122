/** Largest count or time on the wire: the largest integer that a JavaScript number holds exactly. */
export const MAX_COUNT = Number.MAX_SAFE_INTEGER;

/** Largest cost of one item in USD. A larger figure is a unit mistake (cents, nano-USD), not a bill. */
export const MAX_COST_USD = 1_000_000;

/** Longest id (externalId and every reference to one) in UTF-8 bytes. */
export const MAX_ID_BYTES = 512;

/** Largest request body that the server reads, in bytes. Decided by Content-Length, before reading. */
export const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** Most items in one list of a batch that the server takes; more is answered 413. */
export const MAX_BATCH_ITEMS = 5_000;

/** Most sessions that one request may name to change them together; more is answered 413. */
export const MAX_CHOSEN_SESSIONS = 10_000;

/** Fewest characters of an account's password. */
export const MIN_PASSWORD_LENGTH = 10;

/** Largest body that our own client sends, in bytes: half of the server's limit, to leave room for proxies in between. */
export const CHUNK_MAX_BYTES = 4 * 1024 * 1024;

/** Most items (sessions and messages together) in one batch of our own client. */
export const CHUNK_MAX_ITEMS = 1_000;

/** Largest content of one part in bytes of JSON; above it, its first and last bytes below are kept. */
export const MAX_PART_CONTENT_BYTES = 1024 * 1024;

/** What is kept of the beginning of a too large content, in bytes. */
export const PART_CONTENT_HEAD_BYTES = 768 * 1024;

/** What is kept of the end of a too large content, in bytes. */
export const PART_CONTENT_TAIL_BYTES = 256 * 1024;

/** Deepest nesting of a content; deeper content is sent as a string. SQLite refuses a body deeper than 1000 as a whole. */
export const MAX_CONTENT_DEPTH = 500;

/** Largest base64 text of an attachment that travels inside a `file` part, in characters. */
export const MAX_FILE_DATA_CHARS = 256 * 1024;
