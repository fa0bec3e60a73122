interface SkeletonRowsProps {
  count: number;
  /** Height of the rows that will come, px, so that nothing jumps. */
  heightPx: number;
  /** What is being loaded, for screen readers. */
  label: string;
}

/** Grey rows in the place of those that load; they appear only when loading takes longer than a blink. */
export function SkeletonRows({ count, heightPx, label }: SkeletonRowsProps) {
  return (
    <div role="status" className="animate-late">
      <span className="sr-only">{label}</span>
      {Array.from({ length: count }, (_, index) => `row-${index}`).map((key, index) => (
        <div key={key} className="row-line flex items-center gap-3 px-4" style={{ height: heightPx }}>
          <div className="h-5 w-7 rounded bg-fill-strong" />
          <div className="h-3 rounded bg-fill-strong" style={{ width: `${28 + ((index * 17) % 36)}%` }} />
          <div className="ml-auto h-3 w-14 rounded bg-fill-strong" />
        </div>
      ))}
    </div>
  );
}
