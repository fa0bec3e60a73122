import { ClientResponseError } from "pocketbase";
import { expect, test } from "vitest";
import * as z from "zod/mini";
import { SignedOutError } from "./account/confirm-signed-in.ts";
import { describeError } from "./describe-error.ts";

const answer = (status: number, response: unknown) => new ClientResponseError({ status, response });

test.each([
  {
    name: "our own error text",
    error: answer(410, { error: "gone for good" }),
    message: "gone for good (410)",
    isTemporary: false,
  },
  {
    name: "PocketBase's message",
    error: answer(400, { message: "Failed." }),
    message: "Failed. (400)",
    isTemporary: false,
  },
  {
    name: "a refusal without words",
    error: answer(403, {}),
    message: "The server refused the request (403)",
    isTemporary: false,
  },
  {
    name: "a full disk",
    error: answer(503, { error: "storage is full" }),
    message: "storage is full (503)",
    isTemporary: true,
  },
  {
    name: "too many requests",
    error: answer(429, {}),
    message: "The server refused the request (429)",
    isTemporary: true,
  },
  { name: "no server", error: answer(0, {}), message: "The server cannot be reached.", isTemporary: true },
  { name: "an old token", error: new SignedOutError(), message: "You are signed out.", isTemporary: false },
  { name: "anything else", error: new Error("bang"), message: "bang", isTemporary: true },
  { name: "what is no error", error: "odd", message: "odd", isTemporary: true },
])("$name is put into words", ({ error, message, isTemporary }) => {
  expect(describeError(error)).toMatchObject({ message, isTemporary });
});

test("an answer of another shape blames the age of the page, not the user", () => {
  const parsed = z.safeParse(z.object({ id: z.string() }), {});
  expect(describeError(parsed.error).hint).toContain("Reload");
});
