import { MIN_PASSWORD_LENGTH } from "@opensync/client";

/** What is wrong with a new password and its repetition, or undefined. */
export function checkPassword(password: string, repeated: string): string | undefined {
  if (password.length < MIN_PASSWORD_LENGTH) return `The password needs at least ${MIN_PASSWORD_LENGTH} characters.`;
  return password === repeated ? undefined : "The two passwords differ.";
}
