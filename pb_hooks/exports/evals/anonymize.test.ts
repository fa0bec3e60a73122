import { expect, test } from "vitest";
import { anonymize } from "./anonymize.ts";

test.for<[text: string, clean: string]>([
  ["see /home/ann/app and /Users/ben/x.ts", "see /home/user/app and /Users/user/x.ts"],
  ["C:\\Users\\Ann\\x", "C:\\Users\\user\\x"],
  ['{"path":"C:\\\\Users\\\\Ann\\\\x"}', '{"path":"C:\\\\Users\\\\user\\\\x"}'],
  ["C:/Users/Ann/x", "C:/Users/user/x"],
  ["file:///home/ann", "file:///home/user"],
  ["~/.claude/projects/-home-ann-app/1.jsonl", "~/.claude/projects/-home-user-app/1.jsonl"],
  ["/Users/ann/.claude/projects/-Users-ann-app", "/Users/user/.claude/projects/-Users-user-app"],
  ["the -home-page of /homepage/x", "the -home-page of /homepage/x"],
])("%s becomes %s", ([text, clean]) => {
  expect(anonymize(text)).toBe(clean);
});
