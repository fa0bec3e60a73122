import type { BatchRequest, Message, Part, Session } from "@opensync/client";

/** A batch as `POST /sync/batch` takes it. */
export interface Batch extends BatchRequest {
  sessions: Session[];
  messages: Message[];
}

const MINUTE = 60_000;

const text = (content: string): Part => ({ type: "text", content });
const thinking = (content: string): Part => ({ type: "thinking", content });

function toolUse(
  id: string,
  toolName: string,
  args: unknown,
  output: unknown,
  more: { isError?: boolean; durationMs?: number } = {},
): Part[] {
  const status = more.isError ? "error" : "completed";
  const times = more.durationMs === undefined ? {} : { startedAt: 1_000, endedAt: 1_000 + more.durationMs };
  return [
    { type: "tool-call", content: { id, toolName, args, status, ...times } },
    { type: "tool-result", content: { id, output, ...(more.isError ? { isError: true } : {}) } },
  ];
}

const testOutput = `\u001b[32m✓\u001b[0m keeps a token that the server refreshed (12 ms)
\u001b[31m✗\u001b[0m signs out when the token has expired (4 ms)

  AssertionError: expected "signed-in" to be "signed-out"
    at src/session.test.ts:41:28

Tests  1 failed | 7 passed (8)`;

const explanation = `Found it. The comparison mixes **seconds** and **milliseconds**:

\`\`\`ts
// exp is in seconds, Date.now() in milliseconds
export function isExpired(token: Token): boolean {
  return token.exp < Date.now() / 1000;
}
\`\`\`

| case | before | after |
| --- | --- | --- |
| expired an hour ago | signed in | signed out |
| valid for an hour | signed in | signed in |

- [x] fix the unit
- [ ] run the whole suite

See \`src/session.ts\` and [RFC 7519](https://www.rfc-editor.org/rfc/rfc7519).`;

/** A conversation as a person would have it: prompt, reasoning, tools, an edit, an answer in Markdown. */
export function debuggingSession(nowMs: number, externalId = "ses_debugging"): Batch {
  const at = (minutesAgo: number) => nowMs - minutesAgo * MINUTE;
  const model = { model: "claude-sonnet-4-5", provider: "anthropic", agent: "build" };
  const paid = (input: number, cacheRead: number, output: number, cost: number) => ({
    tokens: { input, cacheRead, cacheWrite: 0, cacheWrite1h: 0, output, reasoning: 0 },
    cost,
    costSource: "reported" as const,
  });
  const session: Session = {
    externalId,
    source: "opencode",
    title: "Fix sign-out after token expiry",
    projectPath: "/home/dev/projects/storefront-api",
    projectName: "storefront-api",
    gitBranch: "fix/token-expiry",
    gitRemote: "github.com/acme/storefront-api",
    gitCommit: "4f1c2a9be07d5c3310aa",
    device: "thinkpad",
    agentVersion: "1.18.33",
    model: "claude-sonnet-4-5",
    provider: "anthropic",
    createdAt: at(9),
    updatedAt: at(2),
    todos: [
      { content: "Reproduce with the failing test", status: "completed" },
      { content: "Compare exp in seconds", status: "in_progress" },
      { content: "Run the whole suite", status: "pending" },
    ],
    ...paid(1_840, 38_200, 2_310, 0.0534),
  };
  const message = (id: string, minutesAgo: number, fields: Partial<Message>): Message => ({
    sessionExternalId: externalId,
    externalId: `${externalId}_${id}`,
    createdAt: at(minutesAgo),
    ...fields,
  });
  const editArgs = {
    filePath: "/home/dev/projects/storefront-api/src/session.ts",
    oldString: "  return token.exp < Date.now();",
    newString: "  // exp is in seconds (RFC 7519)\n  return token.exp < Date.now() / 1000;",
  };
  return {
    sessions: [session],
    messages: [
      message("1", 9, {
        role: "user",
        textContent: "Users stay signed in after their token expired.",
        parts: [text("Users stay signed in after their token expired. `npm test` shows it; can you find out why?")],
      }),
      message("2", 8, {
        role: "assistant",
        ...model,
        ...paid(420, 12_000, 610, 0.0126),
        durationMs: 8_400,
        parts: [
          thinking("**Looking at the failing test**\n\nFirst I run the suite, then read the code under test."),
          text("I will run the tests first."),
          ...toolUse(
            "c1",
            "bash",
            { command: "npm test -- session", description: "Run the session tests" },
            testOutput,
            {
              isError: true,
              durationMs: 3_210,
            },
          ),
          ...toolUse(
            "c2",
            "read",
            { filePath: "/home/dev/projects/storefront-api/src/session.ts" },
            "export function isExpired(token: Token): boolean {\n  return token.exp < Date.now();\n}",
            { durationMs: 14 },
          ),
          ...toolUse("c3", "grep", { pattern: "isExpired", path: "src" }, "src/session.ts:12\nsrc/guard.ts:30"),
          { type: "step-finish", content: { reason: "tool-calls" } },
        ],
      }),
      message("3", 6, {
        role: "assistant",
        ...model,
        ...paid(610, 13_100, 880, 0.0212),
        durationMs: 11_900,
        parts: [
          ...toolUse("c4", "edit", editArgs, "Edit applied.", { durationMs: 9 }),
          ...toolUse("c5", "todowrite", { todos: session.todos }, "3 todos"),
          { type: "patch", content: { files: ["src/session.ts"] } },
          text(explanation),
        ],
      }),
      message("4", 3, { role: "user", parts: [text("Great. Run the whole suite and commit.")] }),
      message("5", 2, {
        role: "assistant",
        ...model,
        ...paid(810, 13_100, 820, 0.0196),
        parts: [
          ...toolUse(
            "c6",
            "bash",
            { command: "npm test && git commit -am 'Compare expiry in seconds'" },
            longOutput(120),
            {
              durationMs: 74_000,
            },
          ),
          text("All 214 tests pass. Committed as `4f1c2a9`."),
        ],
      }),
    ],
  };
}

function longOutput(lines: number): string {
  return Array.from({ length: lines }, (_, index) => `✓ test ${index + 1} of the suite (${(index * 7) % 23} ms)`).join(
    "\n",
  );
}

/** Shown text of every attack in `hostileSession`, to be found on the page as text. */
export const HOSTILE_MARK = "hostile-mark";

/** Everything that a session could try against the page that shows it. */
export function hostileSession(nowMs: number): Batch {
  const externalId = "ses_hostile";
  const attack = "<script>window.hacked = true</script><img src=x onerror='window.hacked = true'>";
  const markdown = `${HOSTILE_MARK} ${attack}

[click](javascript:window.hacked=true) [data](data:text/html,<script>window.hacked=true</script>)
![pixel](https://tracker.example/pixel.png) <https://example.com/ok>

<iframe src="https://evil.example"></iframe><style>body{display:none}</style>

<a href="x" onclick="window.hacked=true">link</a> <svg onload="window.hacked=true"/>

\`\`\`html
${attack}
\`\`\`
`;
  const message = (id: string, fields: Partial<Message>): Message => ({
    sessionExternalId: externalId,
    externalId: id,
    createdAt: nowMs - 1_000,
    ...fields,
  });
  const svg = Buffer.from("<svg xmlns='http://www.w3.org/2000/svg' onload='window.hacked=true'/>").toString("base64");
  return {
    sessions: [
      {
        externalId,
        source: "evil<b>agent</b>",
        title: attack,
        projectName: attack,
        createdAt: nowMs - 2_000,
        updatedAt: nowMs - 900,
      },
    ],
    messages: [
      message("h1", { role: "user", parts: [text(markdown)] }),
      message("h2", {
        role: "assistant",
        model: attack,
        parts: [
          ...toolUse("t1", attack, { command: attack, [attack]: attack }, `${attack}\n${"x".repeat(900_000)}`),
          { type: "file", content: { mime: "image/svg+xml", size: 10, sha256: "0", data: svg, filename: attack } },
          { type: "file", content: { mime: "image/png", size: 10, sha256: "0", url: "https://tracker.example/a.png" } },
          { type: "text", content: { unexpected: attack } },
          { type: attack, content: attack },
          { type: "tool-result", content: null },
        ],
      }),
      message("h3", { role: "assistant", textContent: markdown, parts: [], error: { name: attack, message: attack } }),
      message("h4", {
        role: "user",
        parts: [text(`# ${"deep ".repeat(500)}\n${"> ".repeat(300)}quote\n${"- ".repeat(200)}list`)],
      }),
    ],
  };
}

const agents = ["opencode", "claude-code", "codex-cli", "cursor", "opencode", "claude-code", "some-new-agent"];
const projects = ["storefront-api", "storefront-web", "infra", "mobile", "data-pipeline", ""];
const devices = ["thinkpad", "mac-mini", "ci-runner"];
const titles = [
  "Add pagination to the order list",
  "Why does the nightly import time out?",
  "Upgrade to Node 24",
  "Write the release notes for 3.2",
  "Refactor the retry policy into one place, with backoff and a budget, and delete the four copies of it",
  "Explain the flaky checkout test",
  "Draft a migration for the invoices table",
];

/** Sessions of several agents, projects and devices, an hour and a bit apart; the newest first. */
export function manySessions(count: number, nowMs: number): Batch {
  const pick = (values: readonly string[], index: number) => values[index % values.length] ?? "";
  const sessions = Array.from({ length: count }, (_, index): Session => {
    const updatedAt = nowMs - (index + 1) * 71 * MINUTE;
    const source = pick(agents, index);
    const money: Partial<Session> =
      index % 3 === 0
        ? { cost: 0.013 * (index + 1), costSource: "reported" }
        : index % 3 === 1
          ? { cost: 0.42 + index, costSource: "computed" }
          : {};
    return {
      externalId: `ses_many_${index}`,
      source,
      title: `${pick(titles, index)}${index >= titles.length ? ` (${index})` : ""}`,
      projectName: pick(projects, index),
      projectPath: `/home/dev/projects/${pick(projects, index)}`,
      device: pick(devices, index),
      model: "gpt-5.2",
      createdAt: updatedAt - 20 * MINUTE,
      updatedAt,
      promptTokens: index % 5 === 4 ? 0 : 900 + index * 1_731,
      completionTokens: index % 5 === 4 ? 0 : 120 + index * 97,
      ...money,
    };
  });
  return { sessions, messages: [] };
}

/** One session of many short messages; two in a row share a millisecond, as agents that write fast do. */
export function longSession(count: number, nowMs: number): Batch {
  const externalId = "ses_long";
  const messages = Array.from({ length: count }, (_, index): Message => {
    const isPrompt = index % 4 === 0;
    return {
      sessionExternalId: externalId,
      externalId: `long_${String(index).padStart(5, "0")}`,
      role: isPrompt ? "user" : "assistant",
      createdAt: nowMs - (count - (index - (index % 2))) * 1_000,
      parts: [
        text(
          `message number ${index}\n\n${"Some words of a middling answer. ".repeat(isPrompt ? 1 : 1 + (index % 9))}`,
        ),
      ],
    };
  });
  const session = { externalId, source: "claude-code", title: "A long day", projectName: "infra", device: "mac-mini" };
  return { sessions: [{ ...session, createdAt: nowMs - count * 1_000, updatedAt: nowMs }], messages };
}
