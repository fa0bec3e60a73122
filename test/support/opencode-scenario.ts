/**
 * Drives a real `opencode serve` through the kinds of sessions that people have, over its own API. In three lines:
 *
 *   const serve = await startOpenCodeServer(home);
 *   const { fork } = await runScenario(serve);           // ids by name, see `Scenario`
 *   const session = await serve.get(`/session/${fork}`, schema);
 *
 * The answers come from the mock model: prompts hold its directives.
 */
import { z } from "zod";
import { freePort } from "./launch.ts";
import { type Finished, type OpenCodeHome, startOpenCode } from "./opencode.ts";
import { until } from "./until.ts";

/** A running OpenCode and its API, for the project of its home. */
export type OpenCodeServer = {
  readonly home: OpenCodeHome;
  /** @throws when the answer is no success, or of another shape */
  readonly get: <Answer>(path: string, schema: z.ZodType<Answer>) => Promise<Answer>;
  readonly send: (method: "POST" | "PATCH" | "DELETE", path: string, body?: unknown) => Promise<unknown>;
  /** Ends the process, with SIGTERM if nothing else is said, and waits for it. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<Finished>;
};

/** Starts `opencode serve` on a free port and waits until it answers. */
export async function startOpenCodeServer(home: OpenCodeHome): Promise<OpenCodeServer> {
  const port = await freePort();
  const { child, finished } = startOpenCode(home, ["serve", "--hostname", "127.0.0.1", "--port", String(port)]);
  const request = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const url = new URL(path, `http://127.0.0.1:${port}`);
    url.searchParams.set("directory", home.project);
    const answer = await fetch(url, {
      method,
      headers: { "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 500)}`);
    return text === "" ? undefined : JSON.parse(text);
  };
  // A request that arrives before it says so is accepted, and never answered.
  let output = "";
  child.stdout?.on("data", (text: string) => (output += text));
  try {
    await until("OpenCode serves", () => output.includes("listening on") || child.exitCode !== null, 60_000);
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
  if (child.exitCode !== null) throw new Error(`OpenCode ended: ${(await finished).stderr}`);
  return {
    home,
    get: async (path, schema) => schema.parse(await request("GET", path)),
    send: request,
    stop: (signal = "SIGTERM") => {
      child.kill(signal);
      return finished;
    },
  };
}

/** Ids of the sessions that the scenario makes, by what they are. */
export type Scenario = {
  /** Two prompts, six tool uses, to-do list, reasoning. */
  readonly tools: string;
  /** A copy of all of `tools`. */
  readonly fork: string;
  /** Named by hand. */
  readonly renamed: string;
  readonly archived: string;
  /** Its second prompt is undone, and still stored. */
  readonly reverted: string;
  /** Its second prompt was undone and another one sent: the first of the two is gone. */
  readonly revertedAndContinued: string;
  /** One message was deleted, and one part of another. */
  readonly trimmed: string;
  /** A sub-agent did the work. */
  readonly parent: string;
  readonly compacted: string;
  /** The person stopped it. */
  readonly aborted: string;
  /** The provider refused. */
  readonly failed: string;
  /** Tools that fail, one of them unknown. */
  readonly toolErrors: string;
  /** A small picture, a large document, a text file, a named agent. */
  readonly attachments: string;
  /** A shell command and no prompt, so that it keeps its first title. */
  readonly untitled: string;
  /** Deleted: no longer there. */
  readonly deleted: string;
};

const idSchema = z.object({ id: z.string() });
const messagesSchema = z.array(
  z.object({ info: z.object({ id: z.string(), role: z.string() }), parts: z.array(z.object({ id: z.string() })) }),
);
const MODEL = { providerID: "mock", modelID: "mock-1" };

/** Goes through all of it, in about half a minute. */
export async function runScenario(serve: OpenCodeServer): Promise<Scenario> {
  const steps = new Steps(serve);
  const tools = await steps.tools();
  return {
    tools,
    fork: await steps.fork(tools),
    renamed: await steps.renamed(),
    archived: await steps.archived(),
    reverted: await steps.reverted(),
    revertedAndContinued: await steps.revertedAndContinued(),
    trimmed: await steps.trimmed(),
    parent: await steps.parent(),
    compacted: await steps.compacted(),
    aborted: await steps.aborted(),
    failed: await steps.talk("Bad request [[error:400]]"),
    toolErrors: await steps.toolErrors(),
    attachments: await steps.attachments(),
    untitled: await steps.untitled(),
    deleted: await steps.deleted(),
  };
}

/** A prompt that makes the mock model use tools, then say something. */
function prompt(text: string, tools: readonly (readonly [name: string, args: object])[], answer: string): string {
  return `${text} ${tools.map(([name, args]) => `[[tool:${name} ${JSON.stringify(args)}]]`).join("")}[[say:${answer}]]`;
}

class Steps {
  readonly #serve: OpenCodeServer;

  constructor(serve: OpenCodeServer) {
    this.#serve = serve;
  }

  async tools(): Promise<string> {
    const file = `${this.#serve.home.project}/parser.ts`;
    const todos = [
      { content: "Write parser", status: "completed", priority: "high" },
      { content: "Add tests", status: "in_progress", priority: "medium" },
    ];
    const id = await this.talk(
      `${prompt(
        "Build the parser [[reason:First look, then write.]]",
        [
          ["bash", { command: "ls", description: "Look" }],
          ["write", { filePath: file, content: "export const parse = 1;\n" }],
          ["edit", { filePath: file, oldString: "1", newString: "2" }],
          ["todowrite", { todos }],
        ],
        "The parser is in place.",
      )}[[usage:2400,180,1200,25]]`,
    );
    const command = "for i in $(seq 1 300); do echo line $i; done";
    await this.say(id, prompt("Now test it", [["bash", { command, description: "Long output" }]], "Tested."));
    return id;
  }

  async fork(id: string): Promise<string> {
    return idSchema.parse(await this.#serve.send("POST", `/session/${id}/fork`, {})).id;
  }

  async renamed(): Promise<string> {
    const id = await this.talk("Hi [[say:hello]]");
    await this.#serve.send("PATCH", `/session/${id}`, { title: "Renamed ✓ ünïcode" });
    return id;
  }

  async archived(): Promise<string> {
    const id = await this.talk("To archive [[say:ok]]");
    await this.#serve.send("PATCH", `/session/${id}`, { time: { archived: Date.now() } });
    return id;
  }

  async reverted(): Promise<string> {
    const file = `${this.#serve.home.project}/undone.txt`;
    const id = await this.talk("First [[say:one]]");
    await this.say(id, prompt("Second", [["write", { filePath: file, content: "two\n" }]], "two"));
    await this.#revertSecondPrompt(id);
    return id;
  }

  async revertedAndContinued(): Promise<string> {
    const id = await this.talk("First [[say:one]]");
    await this.say(id, "Second [[say:two]]");
    await this.#revertSecondPrompt(id);
    await this.say(id, "Other second [[say:three]]");
    return id;
  }

  async trimmed(): Promise<string> {
    const id = await this.talk("First [[say:one]]");
    await this.say(id, "Second [[say:two]]");
    const messages = await this.#messages(id);
    const [answer, last] = [messages[1], messages[3]];
    await this.#serve.send("DELETE", `/session/${id}/message/${answer?.info.id}/part/${answer?.parts[0]?.id}`);
    await this.#serve.send("DELETE", `/session/${id}/message/${last?.info.id}`);
    return id;
  }

  async parent(): Promise<string> {
    const command = JSON.stringify({ command: "echo child", description: "child" });
    const task = {
      description: "Research topic",
      prompt: `Find the thing ⟦tool:bash ${command}⟧⟦say:child result⟧`,
      subagent_type: "general",
    };
    return this.talk(prompt("Delegate", [["task", task]], "The sub-agent is done."));
  }

  async compacted(): Promise<string> {
    const id = await this.talk("Long talk 1 [[say:answer one]]");
    await this.#serve.send("POST", `/session/${id}/summarize`, MODEL);
    await this.say(id, "After compaction [[say:continuing]]");
    return id;
  }

  /** The answer never ends; it is stopped when its first text is stored. */
  async aborted(): Promise<string> {
    const id = await this.#create();
    const answer = this.say(id, "Hang for ever [[hang]]");
    await until(
      "the answer has begun",
      async () => (await this.#messages(id))[1]?.parts.some(({ id: part }) => part !== ""),
      30_000,
    );
    await this.#serve.send("POST", `/session/${id}/abort`);
    await answer;
    return id;
  }

  toolErrors(): Promise<string> {
    const calls = [
      ["read", { filePath: `${this.#serve.home.project}/nope.txt` }],
      ["bash", { command: "echo oops >&2; exit 3", description: "Fail" }],
      ["nosuchtool", { a: 1 }],
    ] as const;
    return this.talk(prompt("Try", calls, "It failed."));
  }

  async attachments(): Promise<string> {
    const id = await this.#create();
    const url = (mime: string, bytes: Buffer) => `data:${mime};base64,${bytes.toString("base64")}`;
    const dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    const parts = [
      { type: "text", text: "See these [[say:I see them.]]" },
      { type: "file", mime: "image/png", filename: "dot.png", url: url("image/png", Buffer.from(dot, "base64")) },
      {
        type: "file",
        mime: "application/pdf",
        filename: "a.pdf",
        url: url("application/pdf", Buffer.alloc(300_000, 7)),
      },
      { type: "file", mime: "text/plain", filename: "README.md", url: `file://${this.#serve.home.project}/README.md` },
      { type: "agent", name: "general" },
    ];
    await this.#serve.send("POST", `/session/${id}/message`, { model: MODEL, parts });
    return id;
  }

  async untitled(): Promise<string> {
    const id = await this.#create();
    const command = { agent: "build", command: "echo from-shell", model: MODEL };
    await this.#serve.send("POST", `/session/${id}/shell`, command);
    return id;
  }

  async deleted(): Promise<string> {
    const id = await this.talk("To be deleted [[say:bye]]");
    await this.#serve.send("DELETE", `/session/${id}`);
    return id;
  }

  /** A new session with one prompt, answered. */
  async talk(text: string): Promise<string> {
    const id = await this.#create();
    await this.say(id, text);
    return id;
  }

  async say(id: string, text: string): Promise<void> {
    await this.#serve.send("POST", `/session/${id}/message`, { parts: [{ type: "text", text }], model: MODEL });
  }

  async #create(): Promise<string> {
    return idSchema.parse(await this.#serve.send("POST", "/session", {})).id;
  }

  async #messages(id: string) {
    return this.#serve.get(`/session/${id}/message`, messagesSchema);
  }

  async #revertSecondPrompt(id: string): Promise<void> {
    const prompts = (await this.#messages(id)).filter(({ info }) => info.role === "user");
    await this.#serve.send("POST", `/session/${id}/revert`, { messageID: prompts[1]?.info.id });
  }
}
