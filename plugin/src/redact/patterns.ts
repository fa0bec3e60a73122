/** Text that is a secret wherever it stands. */
export type SecretPattern = {
  /** Shown in the place of the secret: `[redacted:<name>]`. */
  readonly name: string;
  readonly pattern: RegExp;
};

/**
 * Keys whose form alone gives them away. Each begins with a fixed text and needs a length that ordinary words and ids
 * do not have, so that prose, paths and hashes are left alone.
 */
export const SECRET_PATTERNS: readonly SecretPattern[] = [
  { name: "private-key", pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g },
  { name: "anthropic-key", pattern: /\bsk-ant-[\w-]{20,}/g },
  { name: "openai-key", pattern: /\bsk-(?=[\w-]*\d)[\w-]{20,}/g },
  { name: "opensync-key", pattern: /\bosk?_[A-Za-z0-9]{20,}/g },
  { name: "github-token", pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{22,})/g },
  { name: "gitlab-token", pattern: /\bglpat-[\w-]{20,}/g },
  { name: "aws-access-key", pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g },
  { name: "google-key", pattern: /\bAIza[\w-]{35}/g },
  { name: "slack-token", pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g },
  { name: "stripe-key", pattern: /\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}/g },
  { name: "npm-token", pattern: /\bnpm_[A-Za-z0-9]{36}\b/g },
];
