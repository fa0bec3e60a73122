import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { inRoot } from "../../scripts/paths.mjs";

/** One import statement: which file asks for which module. Paths are relative to the checkout, with `/`. */
export interface Import {
  readonly from: string;
  /** A file of ours, or a package name as written. */
  readonly to: string;
  readonly isTypeOnly: boolean;
}

const statement = /^\s*(?:import|export)\s+(type\s)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"|\bimport\("([^"]+)"\)/gm;

/** Every import of the project's TypeScript, without tests. */
export function readImports(): Import[] {
  return sourceFiles().flatMap((from) =>
    [...readFileSync(inRoot(from), "utf8").matchAll(statement)].map((match) => ({
      from,
      to: resolve(from, match[2] ?? match[3] ?? ""),
      isTypeOnly: match[1] !== undefined,
    })),
  );
}

/** The project's own TypeScript files, without tests and declarations. */
export function sourceFiles(): string[] {
  return globSync("{client,plugin,dashboard,pb_hooks,pb_migrations}/**/*.{ts,tsx}", { cwd: inRoot() })
    .filter((file) => !/node_modules|\/dist\/|\.test\.tsx?$|\.d\.ts$/.test(file))
    .map((file) => file.replaceAll("\\", "/"))
    .sort();
}

/** Import chains that come back to where they began; type imports count, since they tie files together as well. */
export function findCycles(imports: readonly Import[]): string[] {
  const targets = Map.groupBy(imports, ({ from }) => from);
  const finished = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]) => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(" → "));
    if (path.includes(file) || finished.has(file)) return;
    for (const { to } of targets.get(file) ?? []) visit(to, [...path, file]);
    finished.add(file);
  };
  for (const file of targets.keys()) visit(file, []);
  return cycles;
}

function resolve(from: string, specifier: string): string {
  if (!specifier.startsWith(".")) return specifier;
  return normalize(join(dirname(from), specifier)).replaceAll("\\", "/");
}
