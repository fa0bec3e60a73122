import type { StoreReader } from "../source.ts";

/** The sessions of one place and one generation of OpenCode's storage. No lock and no cursor stays between calls. */
export type Store = Omit<StoreReader, "unreadable"> & {
  /** 0: JSON files up to 1.1; 1: SQLite of 1.2-1.18; 2: SQLite of 2.x. */
  readonly generation: 0 | 1 | 2;
  /** When the session itself changed last, as its own record says, epoch ms; undefined: no such session. */
  readonly changedAtMs: (externalId: string) => Promise<number | undefined>;
};
