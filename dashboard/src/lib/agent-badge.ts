/** Colours of badges; each is a pair of text and fill in the stylesheet. */
type Tone = "blue" | "amber" | "purple" | "violet" | "orange" | "grey";

/** How an agent is shown: a short code for the eye, the name for everybody. */
export interface AgentBadge {
  readonly code: string;
  readonly name: string;
  readonly tone: Tone;
}

const known: ReadonlyMap<string, AgentBadge> = new Map([
  ["opencode", { code: "OC", name: "OpenCode", tone: "blue" }],
  ["claude-code", { code: "CC", name: "Claude Code", tone: "amber" }],
  ["codex-cli", { code: "CX", name: "Codex", tone: "purple" }],
  ["cursor", { code: "CR", name: "Cursor", tone: "violet" }],
  ["factory-droid", { code: "FD", name: "Factory Droid", tone: "orange" }],
  ["pi", { code: "PI", name: "Pi", tone: "orange" }],
]);

/** The badge of a source. An agent that we do not know keeps its own name, in grey. */
export function agentBadge(source: string): AgentBadge {
  if (source === "") return { code: "?", name: "unknown agent", tone: "grey" };
  return known.get(source) ?? { code: source.slice(0, 2).toUpperCase(), name: source, tone: "grey" };
}
