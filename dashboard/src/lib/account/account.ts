import type PocketBase from "pocketbase";
import * as z from "zod/mini";

const userSchema = z.object({
  id: z.string(),
  email: z._default(z.string(), ""),
  name: z._default(z.string(), ""),
});
type User = z.infer<typeof userSchema>;

/**
 * Who uses this page. `expired` is a user whose token stopped working while the page was open: the view stays, and a
 * sign-in lies over it.
 */
export type AccountState =
  | { readonly status: "signed-out" }
  | { readonly status: "signed-in"; readonly user: User }
  | { readonly status: "expired"; readonly user: User };

/** Follows the token store (this tab's and, through the browser's storage, other tabs') and says who is signed in. */
export class Account {
  readonly #server: PocketBase;
  readonly #listeners = new Set<() => void>();
  #state: AccountState;

  constructor(server: PocketBase) {
    this.#server = server;
    this.#state = this.#read({ status: "signed-out" });
    server.authStore.onChange(() => this.#set(this.#read(this.#state)));
  }

  readonly getState = (): AccountState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** @throws ClientResponseError: 400 for a wrong password or an unknown account alike */
  async signIn(email: string, password: string): Promise<void> {
    await this.#server.collection("users").authWithPassword(email, password);
  }

  /** Forgets the token in all tabs of this browser. Never throws. */
  signOut(): void {
    this.#state = { status: "signed-out" };
    this.#server.authStore.clear();
  }

  #read(before: AccountState): AccountState {
    const { isValid, record } = this.#server.authStore;
    const user = isValid ? userSchema.safeParse(record) : undefined;
    if (user?.success) return { status: "signed-in", user: user.data };
    return before.status === "signed-out" ? before : { status: "expired", user: before.user };
  }

  #set(state: AccountState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
