import manifest from "../package.json" with { type: "json" };

/** Version of this package, which server and plugin share. */
export const VERSION: string = manifest.version;
