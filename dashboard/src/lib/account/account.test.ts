import PocketBase, { BaseAuthStore } from "pocketbase";
import { expect, test } from "vitest";
import { Account } from "./account.ts";

const user = { id: "u1", email: "dev@example.com", name: "Dev", collectionId: "users", collectionName: "users" };

/** A token that the SDK takes for valid until a time; nobody checks its signature here. */
function tokenUntil(expiresMs: number): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "HS256" })}.${part({ id: user.id, type: "auth", exp: Math.floor(expiresMs / 1000) })}.x`;
}

const valid = tokenUntil(Date.now() + 3_600_000);
const over = tokenUntil(Date.now() - 1_000);
const newServer = () => new PocketBase("http://127.0.0.1:1", new BaseAuthStore());

test("a stored token that is still valid signs in", () => {
  const server = newServer();
  server.authStore.save(valid, user);
  expect(new Account(server).getState()).toMatchObject({ status: "signed-in", user: { email: user.email } });
});

test("a stored token that is over is a signed-out visitor, not an interrupted one", () => {
  const server = newServer();
  server.authStore.save(over, user);
  expect(new Account(server).getState()).toEqual({ status: "signed-out" });
});

test("a token that stops working while the page is open keeps the view of its user", () => {
  const server = newServer();
  server.authStore.save(valid, user);
  const account = new Account(server);
  let changes = 0;
  account.subscribe(() => {
    changes += 1;
  });
  server.authStore.clear();
  expect(account.getState()).toMatchObject({ status: "expired", user: { id: user.id } });
  expect(changes).toBe(1);
  server.authStore.save(valid, user);
  expect(account.getState()).toMatchObject({ status: "signed-in" });
});

test("signing out leaves no view behind", () => {
  const server = newServer();
  server.authStore.save(valid, user);
  const account = new Account(server);
  account.signOut();
  expect(account.getState()).toEqual({ status: "signed-out" });
  expect(server.authStore.token).toBe("");
});
