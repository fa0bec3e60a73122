import manifest from "../package.json" with { type: "json" };

/** Version of this package, which server and plugin share. */
export const VERSION: string = manifest.version;

/** Written into the program when it is built. */
declare const OPENSYNC_COMMIT: string | undefined;

/** Short name of the commit from which the program was built; undefined: built from no checkout, or not at all. */
export const COMMIT: string | undefined =
  (typeof OPENSYNC_COMMIT === "string" ? OPENSYNC_COMMIT : undefined) || undefined;
