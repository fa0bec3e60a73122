import { expect, test } from "vitest";
import { checkPassword } from "./check-password.ts";
import { readSetupToken } from "./setup-token.ts";

test.each([
  ["#token=abc", "abc"],
  ["token=abc", "abc"],
  ["#token=a%2Bb&x=1", "a+b"],
  ["#token=", undefined],
  ["", undefined],
  ["#other=1", undefined],
])("the fragment %j holds the token %j", (fragment, token) => {
  expect(readSetupToken(fragment)).toBe(token);
});

test.each([
  ["short", "short", /at least 10/],
  ["long enough!", "long enough", /differ/],
  ["long enough!", "long enough!", undefined],
])("the passwords %j and %j", (password, repeated, complaint) => {
  const said = checkPassword(password, repeated);
  if (complaint === undefined) expect(said).toBeUndefined();
  else expect(said).toMatch(complaint);
});
