import type { Plugin } from "vite";

/**
 * What a page may do, even when hostile text from a session finds a hole: no inline script or style, nothing from or
 * to another origin. `frame-ancestors` is missing because a meta element cannot carry it; PocketBase sends
 * `X-Frame-Options: SAMEORIGIN`.
 */
export const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  // data: shows the small images that agents attach to messages.
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
].join("; ");

/** Writes the policy as the first element of the built page's head, before anything that it has to govern. */
export function contentSecurityPolicy(): Plugin {
  return {
    name: "opensync:content-security-policy",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: () => [
        {
          tag: "meta",
          attrs: { "http-equiv": "Content-Security-Policy", content: policy },
          injectTo: "head-prepend",
        },
      ],
    },
  };
}
