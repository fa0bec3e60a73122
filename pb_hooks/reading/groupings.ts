/**
 * What usage can be grouped by beside time: where a row of the roll-up `u`, its session `p`, and a session `s` that
 * counts with its own totals say it.
 */
export const GROUPINGS = {
  agent: { said: "p.source", own: "s.source" },
  source: { said: "p.source", own: "s.source" },
  model: { said: "u.model", own: "s.model" },
  provider: { said: "u.provider", own: "s.provider" },
  project: { said: "p.projectName", own: "s.projectName" },
  device: { said: "p.device", own: "s.device" },
} as const;
export type Grouping = keyof typeof GROUPINGS;

export const GROUPING_NAMES = [
  "agent",
  "source",
  "model",
  "provider",
  "project",
  "device",
] as const satisfies Grouping[];
