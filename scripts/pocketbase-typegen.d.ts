// pocketbase-typegen ships no types for its library entry.
declare module "pocketbase-typegen" {
  /** The types file for rows of `_collections`; the same bytes as its command line writes. */
  export function generateFromSchema(collections: readonly object[], options: { sdk: boolean }): Promise<string>;
}
