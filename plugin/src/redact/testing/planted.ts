/**
 * Made-up secrets. Each is put together at run time, so that no scanner takes these files for a leak.
 */
const mixed = (length: number) => "aB3dE5gH7jK9mN1pQ".repeat(12).slice(0, length);
const hex = (length: number) => "0f1e2d3c4b5a6978".repeat(12).slice(0, length);
const low = (length: number) => "a1b2c3d4e5f6g7h8i9".repeat(12).slice(0, length);
const up = (length: number) => "ABCDEFGH23456JKLMN".repeat(12).slice(0, length);

/** Name of the mask, and the secret. */
export const TOKENS: readonly (readonly [name: string, token: string])[] = [
  ["anthropic-key", `sk-ant-api03-${mixed(60)}`],
  ["openrouter-key", `sk-or-v1-${hex(64)}`],
  ["langfuse-key", `sk-lf-${hex(8)}-${hex(4)}-${hex(4)}-${hex(12)}`],
  ["openai-key", `sk-proj-${mixed(48)}`],
  ["openai-key", `sk-${mixed(48)}`],
  ["openai-key", `sk-${hex(32)}`],
  ["google-key", `AIza${mixed(35)}`],
  ["google-oauth-token", `ya29.${mixed(60)}`],
  ["google-client-secret", `GOCSPX-${mixed(28)}`],
  ["groq-key", `gsk_${mixed(52)}`],
  ["xai-key", `xai-${mixed(80)}`],
  ["perplexity-key", `pplx-${mixed(48)}`],
  ["cerebras-key", `csk-${low(48)}`],
  ["fireworks-key", `fw_${mixed(24)}`],
  ["together-key", `tgp_v1_${mixed(43)}`],
  ["nvidia-key", `nvapi-${mixed(64)}`],
  ["hugging-face-token", `hf_${mixed(34)}`],
  ["replicate-token", `r8_${mixed(37)}`],
  ["langsmith-key", `lsv2_pt_${hex(32)}_${hex(10)}`],
  ["elevenlabs-key", `sk_${hex(48)}`],
  ["bedrock-key", `ABSK${mixed(120)}`],
  ["github-token", `ghp_${mixed(36)}`],
  ["github-token", `ghs_${mixed(36)}`],
  ["github-token", `github_pat_${mixed(22)}_${mixed(59)}`],
  ["gitlab-token", `glpat-${mixed(20)}`],
  ["bitbucket-token", `ATBB${mixed(32)}`],
  ["npm-token", `npm_${mixed(36)}`],
  ["pypi-token", `pypi-AgEIcHlwaS5vcmc${mixed(70)}`],
  ["rubygems-key", `rubygems_${hex(48)}`],
  ["crates-token", `cio${mixed(32)}`],
  ["docker-token", `dckr_pat_${mixed(27)}`],
  ["buildkite-token", `bkua_${hex(40)}`],
  ["circleci-token", `CCIPAT_${mixed(22)}_${hex(40)}`],
  ["sonar-token", `squ_${hex(40)}`],
  ["aws-access-key", `AKIA${up(16)}`],
  ["aws-access-key", `ASIA${up(16)}`],
  ["digitalocean-token", `dop_v1_${hex(64)}`],
  ["heroku-key", `HRKU-${mixed(60)}`],
  ["cloudflare-key", `v1.0-${hex(24)}-${hex(146)}`],
  ["fly-token", `fo1_${mixed(43)}`],
  ["vercel-token", `vcp_${mixed(56)}`],
  ["netlify-token", `nfp_${mixed(36)}`],
  ["render-key", `rnd_${mixed(32)}`],
  ["supabase-key", `sbp_${hex(40)}`],
  ["supabase-key", `sb_secret_${mixed(31)}`],
  ["planetscale-token", `pscale_tkn_${mixed(43)}`],
  ["neon-key", `napi_${low(64)}`],
  ["databricks-token", `dapi${hex(32)}`],
  ["vault-token", `hvs.${mixed(90)}`],
  ["pulumi-token", `pul-${hex(40)}`],
  ["doppler-token", `dp.st.prd.${mixed(43)}`],
  ["tailscale-key", `tskey-auth-${mixed(11)}CNTRL-${mixed(30)}`],
  ["onepassword-token", `ops_eyJ${mixed(200)}`],
  ["age-key", `AGE-SECRET-KEY-1${up(58)}`],
  ["slack-token", `xoxb-${"1".repeat(12)}-${"2".repeat(12)}-${mixed(24)}`],
  ["slack-token", `xapp-1-A${up(10)}-${"3".repeat(13)}-${hex(64)}`],
  ["discord-token", `MT${mixed(22)}.G${mixed(5)}.${mixed(38)}`],
  ["stripe-key", `sk_live_${mixed(24)}`],
  ["stripe-key", `rk_test_${mixed(24)}`],
  ["stripe-webhook-secret", `whsec_${mixed(32)}`],
  ["square-token", `sq0atp-${mixed(22)}`],
  ["shopify-token", `shpat_${hex(32)}`],
  ["twilio-key", `SK${hex(32)}`],
  ["sendgrid-key", `SG.${mixed(22)}.${mixed(43)}`],
  ["mailgun-key", `key-${hex(32)}`],
  ["brevo-key", `xkeysib-${hex(64)}-${mixed(16)}`],
  ["resend-key", `re_${mixed(8)}_${mixed(24)}`],
  ["linear-key", `lin_api_${mixed(40)}`],
  ["notion-key", `ntn_${mixed(46)}`],
  ["notion-key", `secret_${mixed(43)}`],
  ["figma-token", `figd_${mixed(40)}`],
  ["airtable-token", `pat${mixed(14)}.${hex(64)}`],
  ["atlassian-token", `ATATT3${mixed(180)}`],
  ["dropbox-token", `sl.${mixed(140)}`],
  ["facebook-token", `EAA${mixed(160)}`],
  ["postman-key", `PMAK-${hex(24)}-${hex(34)}`],
  ["newrelic-key", `NRAK-${up(27)}`],
  ["grafana-token", `glsa_${mixed(32)}_${hex(8)}`],
  ["sentry-token", `sntrys_${mixed(80)}`],
  ["posthog-key", `phx_${mixed(47)}`],
  ["opensync-key", `os_${mixed(43)}`],
  ["opensync-key", `osk_${mixed(43)}`],
  ["opensync-key", `osk_${mixed(8)}-${mixed(12)}_${mixed(10)}`],
  ["jwt", `eyJ${mixed(33)}.eyJ${mixed(60)}.${mixed(43)}`],
];

/** The lines of a private key in PEM form. */
export function privateKey(label: string): string {
  const line = `${mixed(48)}+/${hex(14)}`;
  return [`-----BEGIN ${label}-----`, line, line, `${mixed(20)}==`, `-----END ${label}-----`].join("\n");
}

/** A password that is found only because of where it stands. */
export const PASSWORD = `h${"unter"}2-Xy9`;

/** A value that is a secret only because this machine says so. */
export const MACHINE_VALUE = ["Qz7", "plum", "4411", "Tr"].join("-");

export const random = { mixed, hex, low, up };
