/** A key sequence as keys to press: `g s` is g, then s. */
export function Keys({ keys }: { keys: string }) {
  return (
    <span className="inline-flex gap-1">
      {keys.split(" ").map((key, index) => (
        <kbd
          // biome reads a repeated key ("g g") as two keys of one name; its place makes it one.
          key={`${key}-${index === 0 ? "first" : "then"}`}
          className="inline-flex h-5 min-w-5 items-center justify-center rounded border border-line-strong bg-fill px-1 font-mono text-2xs text-muted"
        >
          {key}
        </kbd>
      ))}
    </span>
  );
}
