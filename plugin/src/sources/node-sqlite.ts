/** Node's SQLite. Not by `import`: Bun before 1.3.10, that is OpenCode up to 1.2.1, refuses to load a file that names it. */
export function loadNodeSqlite() {
  return withoutSqliteWarning(() => process.getBuiltinModule("node:sqlite"));
}

/** Node 22 warns on stderr that its SQLite is experimental, which is nothing that a user of ours can act on. */
function withoutSqliteWarning<Module>(load: () => Module): Module {
  const original = process.emitWarning;
  process.emitWarning = (warning: string | Error, ...rest: never[]) => {
    if (!String(warning).includes("SQLite")) Reflect.apply(original, process, [warning, ...rest]);
  };
  try {
    return load();
  } finally {
    process.emitWarning = original;
  }
}
