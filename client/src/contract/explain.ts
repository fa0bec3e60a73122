import type * as z from "zod/mini";

/** The most misfits that one text names; the first says most. */
const MAX_MISFITS = 3;

/**
 * What does not fit a schema, in words: `messages[3].role: expected user or assistant; …`. Never quotes a value.
 * @param issues of a failed `safeParse`
 */
export function explainIssues(issues: readonly z.core.$ZodIssue[]): string {
  const texts = issues.slice(0, MAX_MISFITS).map((issue) => `${placeOf(issue.path)}: ${expectation(issue)}`);
  return texts.join("; ") + (issues.length > MAX_MISFITS ? `; and ${issues.length - MAX_MISFITS} more` : "");
}

function placeOf(path: readonly PropertyKey[]): string {
  const place = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`)).join("");
  return place.replace(/^\./, "") || "the value";
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `expected ${issue.expected}`;
    case "invalid_value":
      return `expected ${issue.values.map(String).join(" or ")}`;
    case "too_small":
      return `expected at least ${issue.minimum}`;
    case "too_big":
      return `expected at most ${issue.maximum}`;
    default:
      return issue.message;
  }
}
