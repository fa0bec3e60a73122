// What PocketBase's JavaScript VM has beside the names in PocketBase's own types.d.ts.
declare function require(id: string): unknown;
declare const console: {
  log(...values: unknown[]): void;
  warn(...values: unknown[]): void;
  error(...values: unknown[]): void;
};
declare const process: { readonly env: Readonly<Record<string, string | undefined>> };
