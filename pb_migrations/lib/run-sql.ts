/** Runs statements of DDL in a migration's transaction, in order. */
export function runSql(app: CoreApp, ...statements: string[]): void {
  for (const statement of statements) app.db().newQuery(statement).execute();
}
