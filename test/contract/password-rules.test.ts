import PocketBase from "pocketbase";
import { expect, test } from "vitest";
import { sharedServer, sharedUser } from "../support/shared.ts";

const server = sharedServer();
const ann = sharedUser(server);

async function changePassword(password: string): Promise<void> {
  const client = new PocketBase(server.url);
  await client.collection("users").authWithPassword(ann.email, ann.password);
  const change = { oldPassword: ann.password, password, passwordConfirm: password };
  await client.collection("users").update(ann.id, change);
}

test("a password that somebody changes to is as long as the first one had to be", async () => {
  await expect(changePassword("123456789")).rejects.toMatchObject({
    status: 400,
    response: { data: { password: { code: "validation_min_text_constraint" } } },
  });
  await changePassword("1234567890");
  await new PocketBase(server.url).collection("users").authWithPassword(ann.email, "1234567890");
});
