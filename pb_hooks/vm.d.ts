// What PocketBase's JavaScript VM has beside the names in PocketBase's own types.d.ts.
declare function require(id: string): unknown;
declare const console: {
  log(...values: unknown[]): void;
  warn(...values: unknown[]): void;
  error(...values: unknown[]): void;
};
declare const process: { readonly env: Readonly<Record<string, string | undefined>> };
/** A handler may also be the source of a function: PocketBase compiles handlers from their text in any case. */
declare function routerAdd(
  method: string,
  path: string,
  handlerSource: string,
  ...middlewares: Array<string | ((e: core.RequestEvent) => void) | Middleware>
): void;
/** The version of this server, put in by the build. */
declare const OPENSYNC_VERSION: string;
