import { keyRequests } from "../lib/rate-limit.ts";
import { env } from "../lib/vm.ts";

/** The address that people open, without a slash at its end; without a setting, this machine and the published port. */
export function publicUrl(): string {
  const url = env("OPENSYNC_URL").replace(/\/+$/, "") || `http://127.0.0.1:${env("OPENSYNC_PORT") || "8090"}`;
  if (!/^https?:\/\/[^\s/?#@]+(?:\/[^\s?#]*)?$/.test(url)) {
    throw new Error("OPENSYNC_URL must be the address that people open, such as https://opensync.example.com");
  }
  return url;
}

/**
 * Brings PocketBase's settings in line with the environment, at every start. What the environment does not name stays
 * as an administrator set it.
 */
export function applySettings(app: core.App): void {
  // A mistake in it ends the start, not the first request.
  keyRequests();
  const settings = app.settings();
  const before = JSON.stringify([settings.meta.appName, settings.meta.appURL, settings.trustedProxy.headers]);
  settings.meta.appName = "OpenSync";
  if (env("OPENSYNC_URL")) settings.meta.appURL = publicUrl();
  const proxyHeaders = trustedProxyHeaders();
  if (proxyHeaders.length > 0) settings.trustedProxy.headers = proxyHeaders;
  const after = JSON.stringify([settings.meta.appName, settings.meta.appURL, settings.trustedProxy.headers]);
  if (after !== before) app.save(settings);
}

/** Names of the headers in which a trusted proxy says who is calling, such as X-Forwarded-For. */
function trustedProxyHeaders(): string[] {
  const names = env("OPENSYNC_TRUSTED_PROXY")
    .split(",")
    .map((name) => name.trim());
  const headers = names.filter((name) => name !== "");
  if (headers.some((name) => !/^[A-Za-z0-9-]+$/.test(name))) {
    throw new Error("OPENSYNC_TRUSTED_PROXY must name the header that your proxy sets, such as X-Forwarded-For");
  }
  return headers;
}
