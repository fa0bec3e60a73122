/** A key or token that its form gives away. */
export type TokenPattern = {
  /** Shown in the place of the secret: `[redacted:<name>]`. */
  readonly name: string;
  /** Its fixed beginnings, with spaces between them. */
  readonly begins: string;
  /** What follows: letters, digits, `-`, `_` and `.` only, greedy, and never a part that can fail after an open end. */
  readonly rest: string;
};

const pattern = (name: string, begins: string, rest: string): TokenPattern => ({ name, begins, rest });

/**
 * Keys and tokens by service. A fixed beginning and a length that words, ids and hashes do not have keep prose, paths,
 * lock files and code alone. Special forms stand before general ones.
 */
export const TOKEN_PATTERNS: readonly TokenPattern[] = [
  // Models.
  pattern("anthropic-key", "sk-ant-", String.raw`[\w-]{20,}`),
  pattern("openrouter-key", "sk-or-", String.raw`[\w-]{20,}`),
  pattern("langfuse-key", "sk-lf-", String.raw`[\w-]{20,}`),
  pattern("openai-key", "sk-proj- sk-svcacct- sk-admin- sk-None-", String.raw`[\w-]{20,}`),
  pattern("openai-key", "sk-", "[A-Za-z0-9]{20,}"),
  pattern("google-key", "AIza", String.raw`[\w-]{35}`),
  pattern("google-oauth-token", "ya29.", String.raw`[\w-]{20,}`),
  pattern("google-client-secret", "GOCSPX-", String.raw`[\w-]{20,}`),
  pattern("groq-key", "gsk_", "[A-Za-z0-9]{40,}"),
  pattern("xai-key", "xai-", "[A-Za-z0-9]{40,}"),
  pattern("perplexity-key", "pplx-", "[A-Za-z0-9]{32,}"),
  pattern("cerebras-key", "csk-", "[a-z0-9]{32,}"),
  pattern("fireworks-key", "fw_", "[A-Za-z0-9]{22,}"),
  pattern("together-key", "tgp_v1_", String.raw`[\w-]{32,}`),
  pattern("nvidia-key", "nvapi-", String.raw`[\w-]{40,}`),
  pattern("hugging-face-token", "hf_", "[A-Za-z0-9]{30,}"),
  pattern("replicate-token", "r8_", "[A-Za-z0-9]{36,}"),
  pattern("langsmith-key", "lsv2_pt_ lsv2_sk_", String.raw`\w{32,}`),
  pattern("elevenlabs-key", "sk_", "[0-9a-f]{48}"),
  pattern("bedrock-key", "ABSK", "[A-Za-z0-9]{100,}"),
  // Code and packages.
  pattern("github-token", "ghp_ gho_ ghu_ ghs_ ghr_", "[A-Za-z0-9]{36,}"),
  pattern("github-token", "github_pat_", String.raw`\w{22,}`),
  pattern(
    "gitlab-token",
    "glpat- gldt- glrt- glrtr- glcbt- glptt- glft- glsoat- glimt- glagent-",
    String.raw`[\w-]{20,}`,
  ),
  pattern("bitbucket-token", "ATBB", "[A-Za-z0-9]{28,}"),
  pattern("npm-token", "npm_", "[A-Za-z0-9]{36,}"),
  pattern("pypi-token", "pypi-AgE", String.raw`[\w-]{50,}`),
  pattern("rubygems-key", "rubygems_", "[0-9a-f]{48}"),
  pattern("crates-token", "cio", "[A-Za-z0-9]{32}"),
  pattern("docker-token", "dckr_pat_ dckr_oat_", String.raw`[\w-]{20,}`),
  pattern("buildkite-token", "bkua_", "[0-9a-f]{40}"),
  pattern("circleci-token", "CCIPAT_", String.raw`\w{40,}`),
  pattern("sonar-token", "sqp_ squ_ sqa_", "[0-9a-f]{40}"),
  // Clouds.
  pattern("aws-access-key", "AKIA ASIA ABIA ACCA", "[A-Z0-9]{16}"),
  pattern("digitalocean-token", "dop_v1_ doo_v1_ dor_v1_", "[0-9a-f]{64}"),
  pattern("heroku-key", "HRKU-", String.raw`[\w-]{36,}`),
  pattern("cloudflare-key", "v1.0-", "[0-9a-f]{24}-[0-9a-f]{100,}"),
  pattern("fly-token", "fo1_ fm1_ fm2_ fm1r_ fm2r_", String.raw`[\w-]{40,}`),
  pattern("vercel-token", "vcp_ vck_ vcr_ vca_ vci_", "[A-Za-z0-9]{24,}"),
  pattern("netlify-token", "nfp_", "[A-Za-z0-9]{36,}"),
  pattern("render-key", "rnd_", "[A-Za-z0-9]{28,}"),
  pattern("supabase-key", "sbp_", "[0-9a-f]{40}"),
  pattern("supabase-key", "sb_secret_", String.raw`[\w-]{20,}`),
  pattern("planetscale-token", "pscale_tkn_ pscale_pw_ pscale_oauth_", String.raw`[\w.-]{32,}`),
  pattern("neon-key", "napi_", "[a-z0-9]{40,}"),
  pattern("databricks-token", "dapi", "[0-9a-f]{32}"),
  pattern("vault-token", "hvs. hvb. hvr.", String.raw`[\w-]{24,}`),
  // Only its second half: the first one, 14 characters, has no beginning of its own.
  pattern("terraform-token", "atlasv1.", String.raw`[\w-]{60,}`),
  pattern("pulumi-token", "pul-", "[0-9a-f]{40}"),
  pattern("doppler-token", "dp.pt. dp.st. dp.ct. dp.sa. dp.scim. dp.audit.", String.raw`[\w.-]{40,}`),
  pattern("tailscale-key", "tskey-", "[A-Za-z0-9-]{20,}"),
  pattern("onepassword-token", "ops_eyJ", String.raw`[\w-]{50,}`),
  pattern("age-key", "AGE-SECRET-KEY-1", "[0-9A-Z]{58}"),
  // Talk, mail, money, everything else.
  pattern("slack-token", "xoxa- xoxb- xoxe- xoxo- xoxp- xoxr- xoxs- xapp-", "[A-Za-z0-9-]{10,}"),
  pattern("discord-token", "M N O", String.raw`(?=[\w-]{0,22}\d)[\w-]{23,25}\.[\w-]{6}\.[\w-]{27,}`),
  pattern("stripe-key", "sk_live_ sk_test_ rk_live_ rk_test_", "[A-Za-z0-9]{16,}"),
  pattern("stripe-webhook-secret", "whsec_", "[A-Za-z0-9]{24,}"),
  pattern("square-token", "sq0atp- sq0csp- sq0idp-", String.raw`[\w-]{22,}`),
  pattern("shopify-token", "shpat_ shpca_ shppa_ shpss_", "[0-9a-fA-F]{32}"),
  pattern("twilio-key", "SK", "[0-9a-f]{32}"),
  pattern("sendgrid-key", "SG.", String.raw`[\w-]{16,64}\.[\w-]{32,}`),
  pattern("mailgun-key", "key-", "[0-9a-f]{32}"),
  pattern("brevo-key", "xkeysib-", "[0-9a-f]{64}-[A-Za-z0-9]{16}"),
  pattern("resend-key", "re_", "[A-Za-z0-9]{8}_[A-Za-z0-9]{20,}"),
  pattern("linear-key", "lin_api_ lin_oauth_", "[A-Za-z0-9]{32,}"),
  pattern("notion-key", "ntn_", "[A-Za-z0-9]{40,}"),
  pattern("notion-key", "secret_", "[A-Za-z0-9]{43}"),
  pattern("figma-token", "figd_", String.raw`[\w-]{36,}`),
  pattern("airtable-token", "pat", String.raw`[A-Za-z0-9]{14}\.[0-9a-f]{64}`),
  pattern("atlassian-token", "ATATT3 ATCTT3", String.raw`[\w-]{60,}`),
  pattern("dropbox-token", "sl.", String.raw`[\w-]{100,}`),
  pattern("facebook-token", "EAA", "[A-Za-z0-9]{100,}"),
  pattern("postman-key", "PMAK-", "[0-9a-f]{24}-[0-9a-f]{34}"),
  pattern("newrelic-key", "NRAK- NRAL-", "[A-Z0-9]{27,}"),
  pattern("grafana-token", "glsa_ glc_", String.raw`[\w-]{32,}`),
  pattern("sentry-token", "sntrys_ sntryu_", String.raw`[\w-]{40,}`),
  pattern("posthog-key", "phx_", "[A-Za-z0-9]{40,}"),
  pattern("telegram-token", "AA", String.raw`(?<=\b\d{8,10}:AA)[\w-]{33}`),
  // Version 1 had dashes and underscores among the letters.
  pattern("opensync-key", "osk_", String.raw`(?=[a-z_-]{0,31}[A-Z0-9])[\w-]{32,}`),
  // Not `os_availableparallelism`, a name in the documentation of Node.
  pattern("opensync-key", "os_ osk_", "(?=[a-z]{0,42}[A-Z0-9])[A-Za-z0-9]{20,}"),
];
