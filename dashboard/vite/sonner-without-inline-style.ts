import type { Plugin } from "vite";

const MODULE = /[\\/]sonner[\\/]dist[\\/]index\.mjs$/;
const INJECTION = /^__insertCSS\(".*"\);?$/m;

/**
 * Takes out the call with which sonner writes its stylesheet into a `<style>` element, which the policy forbids; the
 * app imports `sonner/dist/styles.css` instead. Fails the build when the call is not found, since toasts would
 * otherwise lose their style unnoticed after an update.
 */
export function sonnerWithoutInlineStyle(): Plugin {
  return {
    name: "opensync:sonner-without-inline-style",
    transform(code, id) {
      const [path = id] = id.split("?");
      if (!MODULE.test(path)) return null;
      if (!INJECTION.test(code)) this.error("sonner no longer injects its style the way this plugin removes");
      return { code: code.replace(INJECTION, ""), map: null };
    },
  };
}
