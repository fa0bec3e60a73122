import { afterAll, beforeAll } from "vitest";
import { type Account, type AccountOptions, createAccount } from "./account.ts";
import { type MockModel, startMockModel } from "./mock-model.ts";
import { createKey, createUser, startServer, type TestServer, type TestUser } from "./server.ts";

// What the tests of a file, or of the `describe` that calls these, have in common: made before the first of them, in
// the order of the calls. Tables of scenarios are written before that, so there functions of these are named
// (`headers: ann.withKey`), and values are read inside functions only.

/** A server that is there before the first test and gone after the last. */
export function sharedServer(start: () => Promise<TestServer> = startServer): TestServer {
  const server = madeOnce(start, (started) => started.stop());
  return {
    get url() {
      return server().url;
    },
    get dataDir() {
      return server().dataDir;
    },
    get pid() {
      return server().pid;
    },
    output: () => server().output(),
    query: (sql, ...parameters) => server().query(sql, ...parameters),
    queryLog: (sql, ...parameters) => server().queryLog(sql, ...parameters),
    change: (sql, ...parameters) => server().change(sql, ...parameters),
    sessionId: (externalId) => server().sessionId(externalId),
    stop: () => server().stop(),
    kill: () => server().kill(),
  };
}

/** A signed-in user without a key. */
export function sharedUser(server: TestServer, options: Pick<AccountOptions, "role"> = {}): TestUser {
  const user = madeOnce(() => createUser(server, options));
  return {
    get id() {
      return user().id;
    },
    get email() {
      return user().email;
    },
    get password() {
      return user().password;
    },
    get token() {
      return user().token;
    },
    signedIn: () => user().signedIn(),
  };
}

/** A signed-in user with a key. */
export function sharedAccount(server: TestServer, options: AccountOptions = {}): Account {
  const account = madeOnce(() => createAccount(server, options));
  return {
    get id() {
      return account().id;
    },
    get email() {
      return account().email;
    },
    get password() {
      return account().password;
    },
    get token() {
      return account().token;
    },
    get key() {
      return account().key;
    },
    get keyId() {
      return account().keyId;
    },
    signedIn: () => account().signedIn(),
    withKey: () => account().withKey(),
    get: (path) => account().get(path),
    ask: (path, init) => account().ask(path, init),
  };
}

/** A model that says what its prompts tell it to, for agents. */
export function sharedModel(): Pick<MockModel, "url"> {
  const model = madeOnce(startMockModel, (started) => started.stop());
  return {
    get url() {
      return model().url;
    },
  };
}

/** A key beside the first one of an account, or the only one of a user. */
export function sharedKey(
  server: TestServer,
  user: Pick<TestUser, "token">,
  options: Omit<AccountOptions, "role"> & { name?: string } = {},
): Pick<Account, "key" | "keyId" | "withKey"> {
  const made = madeOnce(() => createKey(server, user, options));
  return {
    get key() {
      return made().key;
    },
    get keyId() {
      return made().id;
    },
    withKey: () => ({ Authorization: `Bearer ${made().key}` }),
  };
}

function madeOnce<Value>(make: () => Promise<Value>, end?: (value: Value) => Promise<void>): () => Value {
  let made: { value: Value } | undefined;
  beforeAll(async () => {
    made = { value: await make() };
  });
  afterAll(async () => {
    if (made) await end?.(made.value);
  });
  return () => {
    if (!made) throw new Error("this is made before the first test: read it inside a test, a hook or a function");
    return made.value;
  };
}
