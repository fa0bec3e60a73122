import { describe, expect, test } from "vitest";
import { createRedactor } from "./redactor.ts";

const message = (textContent: string) => ({ sessionExternalId: "s", externalId: "m", textContent });
const masked = (text: string, secrets: string[] = []) => createRedactor(secrets).message(message(text));

// Put together here, so that no scanner takes this file for a leak.
const token = (prefix: string, length: number) => prefix + "aB3dE5gH7j".repeat(10).slice(0, length);

describe("keys that their form gives away", () => {
  test.each([
    ["anthropic-key", token("sk-ant-api03-", 60)],
    ["openai-key", token("sk-proj-", 48)],
    ["openai-key", token("sk-", 48)],
    ["opensync-key", token("os_", 40)],
    ["opensync-key", token("osk_", 40)],
    ["github-token", token("ghp_", 36)],
    ["github-token", token("github_pat_", 40)],
    ["gitlab-token", token("glpat-", 20)],
    ["aws-access-key", "AKIA" + "ABCDEFGH12345678"],
    ["google-key", token("AIza", 35)],
    ["slack-token", token("xoxb-", 30)],
    ["stripe-key", token("sk_live_", 24)],
    ["npm-token", token("npm_", 36)],
    ["private-key", "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----"],
  ])("%s", (name, secret) => {
    expect(masked(`a ${secret} b`)).toEqual({ ...message(`a [redacted:${name}] b`), redacted: 1 });
  });
});

test.each([
  "sk-learn is a library, and scikit-learn-contrib-projects too",
  "os_name, os_release and os.environ",
  "the commit 0123456789abcdef0123456789abcdef01234567",
  "/home/dev/.config/opencode/opencode.json",
  "msg_1fb9398b5001WqWaCJ9jqJUPkA",
])("ordinary text stays as it is: %s", (text) => {
  expect(masked(text)).toEqual(message(text));
});

test("a known secret is masked wherever it stands, and every place counts", () => {
  const secret = "correct horse battery";
  const redactor = createRedactor([secret]);
  const item = {
    ...message(`${secret} and ${secret}`),
    parts: [
      { type: "tool-call", id: "p1", content: { id: "c", toolName: "bash", args: { command: `echo ${secret}` } } },
      { type: "tool-result", content: { id: "c", output: [{ text: secret }] }, meta: { metadata: { output: secret } } },
    ],
    error: { name: "E", message: `bad ${secret}` },
    meta: { summary: { diffs: [{ patch: secret }] } },
  };
  const result = redactor.message(item);
  expect(JSON.stringify(result)).not.toContain(secret);
  expect(result.redacted).toBe(7);
  expect(redactor.session({ externalId: "s", title: secret, projectPath: `/${secret}` })).toEqual({
    externalId: "s",
    title: "[redacted:secret]",
    projectPath: `/${secret}`,
    redacted: 1,
  });
});

test("a value that is too short to be a secret is left alone", () => {
  expect(masked("the password is hunter2", ["hunter2", ""])).toEqual(message("the password is hunter2"));
});

test("masking what is masked changes nothing", () => {
  const once = masked(`key ${token("sk-", 48)}`);
  expect(createRedactor([]).message(once)).toEqual(once);
});
