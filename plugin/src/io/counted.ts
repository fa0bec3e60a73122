/** A number with its noun: `1 session`, `3 sessions`. @param noun in the singular; its plural ends with s */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
