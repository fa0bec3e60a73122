/**
 * A model provider that answers what the prompt tells it to: OpenAI's chat-completions API, streamed, on a free port.
 *
 * Directives in the last user message (`⟦…⟧` is the same one level deeper, for the prompt of a sub-agent):
 *
 *   [[tool:bash {"command":"ls","description":"x"}]]  one tool call a step, in this order
 *   [[par:bash {…}]]                                   neighbours are sent together, as parallel calls of one step
 *   [[say:text]]  [[reason:text]]                      the answer; the reasoning before the first step
 *   [[usage:input,output,cached,reasoning]]            token counts of every step
 *   [[error:500]]  [[error-once:429]]                  HTTP error every time, or at the first attempt only
 *   [[midstream-error]]  [[hang]]                      the connection dies in the middle; the answer never ends
 *   [[slow:2000]]  [[chunks:50]]                       wait before the first token (ms); number of text pieces
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";

/** The running model. */
export type MockModel = {
  /** Base URL for an OpenAI-compatible provider, ends in `/v1`. */
  readonly url: string;
  /** Names of the models it serves; the second is asked for titles. */
  readonly models: readonly [string, string];
  /** How many completions have been asked for so far, titles included. */
  readonly requestCount: () => number;
  /** Cuts open answers and frees the port. */
  readonly stop: () => Promise<void>;
};

const MODELS = ["mock-1", "mock-2"] as const;

const messageSchema = z.object({
  role: z.string(),
  content: z
    .union([z.string(), z.array(z.object({ type: z.string(), text: z.string().optional() })), z.null()])
    .optional(),
  tool_calls: z.array(z.unknown()).optional(),
});
const requestSchema = z.object({
  model: z.string(),
  stream: z.boolean().optional(),
  tools: z.array(z.unknown()).optional(),
  messages: z.array(messageSchema),
});
type ChatMessage = z.infer<typeof messageSchema>;
type ChatRequest = z.infer<typeof requestSchema>;
type Directive = { readonly name: string; readonly value: string };

/** Everything that decides one answer, worked out before the first byte is sent. */
type Reply = {
  readonly id: string;
  readonly model: string;
  readonly reasoning: string;
  readonly calls: readonly { readonly id: string; readonly tool: string; readonly args: string }[];
  readonly text: string;
  readonly chunks: number;
  readonly usage: Record<string, unknown>;
  readonly ending: "complete" | "hang" | "cut";
};

/**
 * Starts the model on a free port of 127.0.0.1.
 * @returns the running model; stop it in `afterAll`
 */
export async function startMockModel(): Promise<MockModel> {
  const failedOnce = new Set<string>();
  let count = 0;
  const server = createServer((request, response) => {
    answer(request, response, failedOnce, () => ++count).catch((error: unknown) => {
      // A client that hung up is the normal end of an aborted turn; anything else must fail the test that sees it.
      if (!response.destroyed) response.writeHead(500).end(String(error));
    });
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}/v1`,
    models: MODELS,
    requestCount: () => count,
    stop: () => close(server),
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") reject(new Error("the mock model got no TCP port"));
      else resolve(address.port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  failedOnce: Set<string>,
  nextNumber: () => number,
): Promise<void> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  if (request.url?.endsWith("/models")) {
    sendJson(response, 200, { object: "list", data: MODELS.map((id) => ({ id })) });
    return;
  }
  if (!request.url?.endsWith("/chat/completions")) {
    sendJson(response, 404, { error: { message: "not found" } });
    return;
  }
  const chat = requestSchema.parse(JSON.parse(body));
  const number = nextNumber();
  const prompt = lastUserText(chat.messages);
  const directives = isTitleRequest(chat) ? [] : parseDirectives(prompt);
  const status = errorStatus(directives, prompt, failedOnce);
  if (status !== undefined) {
    const retry = status === 429 ? { "retry-after": "1" } : {};
    sendJson(response, status, { error: { message: `mock ${status} error`, type: "mock_error" } }, retry);
    return;
  }
  const slowMs = Number(directive(directives, "slow") ?? 0);
  if (slowMs > 0) await delay(slowMs);
  const reply = planReply(chat, directives, prompt, number, body.length);
  if (chat.stream === true) await stream(response, reply);
  else sendJson(response, 200, wholeAnswer(reply));
}

function textOf(message: ChatMessage): string {
  if (typeof message.content === "string") return message.content;
  return (message.content ?? []).map((part) => (part.type === "text" ? (part.text ?? "") : "")).join("\n");
}

function lastUserIndex(messages: readonly ChatMessage[]): number {
  return messages.findLastIndex((message) => message.role === "user" && textOf(message).trim() !== "");
}

/** `opencode run "a b"` stores the prompt in quotes with escaped inner quotes: undone here, or no JSON in it would parse. */
function lastUserText(messages: readonly ChatMessage[]): string {
  const message = messages[lastUserIndex(messages)];
  const text = message === undefined ? "" : textOf(message);
  const trimmed = text.trim();
  return /^"[\s\S]*"$/.test(trimmed) ? trimmed.slice(1, -1).replaceAll('\\"', '"') : text;
}

function isTitleRequest(chat: ChatRequest): boolean {
  const system = chat.messages.filter((message) => message.role === "system").map(textOf);
  return /title generator|generate a (brief )?title|thread title/i.test(system.join("\n"));
}

function parseDirectives(prompt: string): Directive[] {
  for (const pattern of [/\[\[([a-z-]+)(?::([\s\S]*?))?\]\](?!\])/g, /⟦([a-z-]+)(?::([\s\S]*?))?⟧/g]) {
    const found = [...prompt.matchAll(pattern)].map((match) => ({ name: match[1] ?? "", value: match[2] ?? "" }));
    if (found.length > 0) return found;
  }
  return [];
}

function directive(directives: readonly Directive[], name: string): string | undefined {
  return directives.find((each) => each.name === name)?.value;
}

function errorStatus(directives: readonly Directive[], prompt: string, failedOnce: Set<string>): number | undefined {
  const always = directive(directives, "error");
  if (always !== undefined) return Number(always) || 500;
  const once = directive(directives, "error-once");
  if (once === undefined || failedOnce.has(prompt)) return undefined;
  failedOnce.add(prompt);
  return Number(once) || 500;
}

/** One list a model step: `tool` stands alone, neighbouring `par` go together. */
function toolSteps(directives: readonly Directive[]): Directive[][] {
  const steps: Directive[][] = [];
  for (const directive of directives) {
    const last = steps.at(-1);
    if (directive.name === "par" && last?.[0]?.name === "par") last.push(directive);
    else if (directive.name === "par" || directive.name === "tool") steps.push([directive]);
  }
  return steps;
}

function planReply(
  chat: ChatRequest,
  directives: readonly Directive[],
  prompt: string,
  number: number,
  bodyChars: number,
): Reply {
  const after = chat.messages.slice(lastUserIndex(chat.messages) + 1);
  const doneSteps = after.filter((message) => (message.tool_calls?.length ?? 0) > 0).length;
  const step = toolSteps(directives)[doneSteps] ?? [];
  const calls = step.map((directive, index) => {
    const space = directive.value.search(/\s/);
    const tool = space < 0 ? directive.value : directive.value.slice(0, space);
    return { id: `call_${number}_${index}`, tool, args: space < 0 ? "{}" : directive.value.slice(space).trim() };
  });
  const ending = directive(directives, "hang") !== undefined ? "hang" : cutsOff(directives) ? "cut" : "complete";
  return {
    id: `chatcmpl-mock-${number}`,
    model: chat.model,
    reasoning: doneSteps === 0 ? (directive(directives, "reason") ?? "") : "",
    calls,
    text: calls.length > 0 ? `Running step ${doneSteps + 1}.` : finalText(chat, directives, prompt, number),
    chunks: Number(directive(directives, "chunks")) || 6,
    usage: usageOf(directive(directives, "usage"), bodyChars),
    ending,
  };
}

function cutsOff(directives: readonly Directive[]): boolean {
  return directive(directives, "midstream-error") !== undefined;
}

function finalText(chat: ChatRequest, directives: readonly Directive[], prompt: string, number: number): string {
  if (isTitleRequest(chat)) {
    const plain = prompt.replaceAll(/\[\[[\s\S]*?\]\]/g, "").trim();
    return `Mock title: ${plain.slice(0, 40) || "untitled"}`;
  }
  if (/summar/i.test(prompt) && (chat.tools?.length ?? 0) === 0) return "## Goal\nMock summary of the conversation.";
  return directive(directives, "say") ?? `Mock answer ${number}.`;
}

function usageOf(directive: string | undefined, bodyChars: number): Record<string, unknown> {
  const [input, output, cached, reasoning] = (directive ?? "").split(",").map(Number);
  const promptTokens = input || Math.ceil(bodyChars / 4);
  const completionTokens = output || 37;
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: cached || 0 },
    completion_tokens_details: { reasoning_tokens: reasoning || 0 },
  };
}

function wholeAnswer(reply: Reply): Record<string, unknown> {
  const choice = { index: 0, finish_reason: "stop", message: { role: "assistant", content: reply.text } };
  return { id: reply.id, object: "chat.completion", model: reply.model, usage: reply.usage, choices: [choice] };
}

async function stream(response: ServerResponse, reply: Reply): Promise<void> {
  const created = Math.floor(Date.now() / 1000);
  const event = (delta: object | undefined, finish: string | null = null, extra: object = {}) => {
    const choices = delta === undefined ? [] : [{ index: 0, delta, finish_reason: finish }];
    const chunk = { id: reply.id, object: "chat.completion.chunk", created, model: reply.model, choices, ...extra };
    response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  };
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  event({ role: "assistant", content: "" });
  if (reply.ending === "hang") {
    event({ content: "hanging..." });
    return;
  }
  for (const piece of pieces(reply.reasoning, 12)) event({ reasoning_content: piece });
  for (const piece of pieces(reply.text, Math.ceil(reply.text.length / reply.chunks))) {
    event({ content: piece });
    // Pieces that arrive in one read would be merged by the agent; a streamed answer is what the tests are about.
    await delay(4);
    if (reply.ending === "cut") {
      response.destroy();
      return;
    }
  }
  for (const [index, call] of reply.calls.entries()) {
    event({ tool_calls: [{ index, id: call.id, type: "function", function: { name: call.tool, arguments: "" } }] });
    for (const part of pieces(call.args, Math.ceil(call.args.length / 2))) {
      event({ tool_calls: [{ index, function: { arguments: part } }] });
    }
  }
  event({}, reply.calls.length > 0 ? "tool_calls" : "stop");
  event(undefined, null, { usage: reply.usage });
  response.end("data: [DONE]\n\n");
}

function pieces(text: string, size: number): string[] {
  const out: string[] = [];
  for (let at = 0; at < text.length; at += Math.max(1, size)) out.push(text.slice(at, at + Math.max(1, size)));
  return out;
}

function sendJson(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}
