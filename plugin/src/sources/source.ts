import type { Message, Session } from "@opensync/client";
import type { Environment } from "../environment.ts";
import type { GitState } from "../observe/git.ts";
import type { StoreError } from "./store-error.ts";

export { StoreError } from "./store-error.ts";

/** A coding agent whose sessions can be read. All knowledge of one agent is behind this. */
export type Source = {
  /** Id on the wire, for example `claude-code`. */
  readonly id: string;
  /** Name for people. */
  readonly name: string;
  /**
   * The stores on this machine.
   * @returns absolute paths of files and folders that exist, in order of preference; empty when the agent was never
   *   used here
   */
  readonly locate: (env: Environment) => string[];
  /**
   * Opens all stores for reading. Never writes to them, and holds no lock between calls.
   * @throws StoreError when there is no store, or none can be read
   */
  readonly open: (env: Environment) => Promise<StoreReader>;
};

/** A source that also looks back: for sessions that nobody watched while they took place. */
export type HistorySource = Source & {
  /**
   * Makes an observer for one run, which tells what is certain about the checkout in which a session took place, long
   * after it: nothing when nothing can be proved. It never throws.
   */
  readonly pastObserver: () => (session: Session) => Promise<GitState>;
};

/** One session in the list of a store. */
export type SessionEntry = {
  readonly externalId: string;
  /** The agent's own last change, epoch ms. Messages may have changed some seconds later. */
  readonly changedAtMs: number;
};

/** An open store. Close it after every use: an agent may replace its files at any time. */
export type StoreReader = {
  /**
   * Stores that could not be read so far, while others can: each names its file. Sessions may be missing because of
   * them, so that absence proves no deletion then.
   */
  readonly unreadable: readonly StoreError[];
  /**
   * Sessions, newest change first.
   * @param changedSinceMs only those that changed after this moment, epoch ms; 0 = all
   */
  readonly listSessions: (changedSinceMs: number) => Promise<SessionEntry[]>;
  /**
   * By session, something that is another one after every change of its own row and of the number of its messages, for
   * what an agent changes without noting a time. Cheap enough for every look at a store; without the sessions of files
   * that no agent writes any more.
   */
  readonly changeMarks: () => Promise<ReadonlyMap<string, string>>;
  /**
   * When anything of the session changed last, messages and parts included, epoch ms; undefined: no such session.
   * @throws StoreError, as all that follow, when the store that may hold the session cannot be read
   */
  readonly lastChangeMs: (externalId: string) => Promise<number | undefined>;
  /** The session as it goes on the wire, without hash; undefined: no such session. */
  readonly readSession: (externalId: string) => Promise<Session | undefined>;
  /**
   * Messages as they go on the wire, without hash, oldest first, read one by one.
   * @param messageIds only these; ids that the store does not have are left out
   */
  readonly readMessages: (externalId: string, messageIds?: ReadonlySet<string>) => AsyncIterable<Message>;
  readonly close: () => void;
};
