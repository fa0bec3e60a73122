/** Values that SQLite takes as they are. Objects and arrays do not bind: make them text first. */
export type Bindings = Record<string, string | number | boolean | null>;

/**
 * Default values of the columns that a query reads; their kinds decide how the columns are scanned. A column that is
 * NULL or of another kind makes the scan fail, so queries COALESCE; 0 scans whole numbers only. Names must not start
 * with an underscore.
 */
export type RowShape = Record<string, string | number | boolean>;
