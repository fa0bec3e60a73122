import PocketBase from "pocketbase";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createUser, startServer, type TestServer, type TestUser } from "../support/server.ts";

let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  server = await startServer();
  user = await createUser(server);
});

afterAll(() => server.stop());

async function changePassword(password: string): Promise<void> {
  const client = new PocketBase(server.url);
  await client.collection("users").authWithPassword(user.email, user.password);
  const change = { oldPassword: user.password, password, passwordConfirm: password };
  await client.collection("users").update(user.id, change);
}

test("a password that somebody changes to is as long as the first one had to be", async () => {
  await expect(changePassword("123456789")).rejects.toMatchObject({
    status: 400,
    response: { data: { password: { code: "validation_min_text_constraint" } } },
  });
  await changePassword("1234567890");
  await new PocketBase(server.url).collection("users").authWithPassword(user.email, "1234567890");
});
