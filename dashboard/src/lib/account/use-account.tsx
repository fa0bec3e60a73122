import { createContext, useContext, useSyncExternalStore } from "react";
import type { Account, AccountState } from "./account.ts";

const AccountContext = createContext<Account | null>(null);

/** Gives every component below it the account of this page. */
export const AccountProvider = AccountContext.Provider;

/**
 * The account of this page, and its state, which re-renders on change.
 * @throws outside of an AccountProvider
 */
export function useAccount(): readonly [AccountState, Account] {
  const account = useContext(AccountContext);
  if (account === null) throw new Error("useAccount needs an AccountProvider above it");
  return [useSyncExternalStore(account.subscribe, account.getState), account];
}
