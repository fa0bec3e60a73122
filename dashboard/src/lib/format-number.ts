const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });

/** A count with every digit: `12,345`. */
export function formatCount(count: number): string {
  return whole.format(count);
}

/** A count short enough for a column: `812`, `12.3K`, `4.5M`. */
export function formatCompact(count: number): string {
  return compact.format(count);
}

/** A count with its noun, which takes an s unless it is one: `1 message`, `2 messages`. */
export function formatCounted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** A size in bytes for people: `512 B`, `12.3 kB`, `4.5 MB` (powers of 1000). */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${formatCount(bytes)} B`;
  const units = ["kB", "MB", "GB", "TB"];
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), units.length);
  return `${(bytes / 1000 ** power).toFixed(1)} ${units[power - 1]}`;
}
