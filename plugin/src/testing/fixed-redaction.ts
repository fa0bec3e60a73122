import { KnownSecrets } from "../redact/known-secrets.ts";
import { createRedaction, type Redaction } from "../redact/redaction.ts";

/**
 * Redaction that knows nothing of the machine that runs the test.
 * @param apiKey the one value that it knows
 */
export function fixedRedaction(apiKey?: string): Redaction {
  const known = new KnownSecrets({ env: { HOME: "/nowhere" }, files: () => [] });
  return createRedaction({ known, settings: { redaction: true, patterns: [] }, apiKey });
}
