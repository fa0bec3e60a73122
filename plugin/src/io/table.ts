import type { Terminal } from "./terminal.ts";

/**
 * Prints rows: aligned columns on a terminal, tab-separated for a program. The first column is dim on a terminal.
 * @param rows cells without line breaks or tabs
 */
export function printRows(terminal: Terminal, rows: readonly (readonly string[])[]): void {
  if (!terminal.isTerminal) {
    for (const row of rows) terminal.print(row.join("\t"));
    return;
  }
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  }
  for (const row of rows) {
    const cells = row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)));
    const [first = "", ...others] = cells;
    terminal.print([terminal.style.dim(first), ...others].join("  "));
  }
}
