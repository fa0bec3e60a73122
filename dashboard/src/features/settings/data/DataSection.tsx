import type { ReactNode } from "react";

interface DataSectionProps {
  title: string;
  /** The button at its side. */
  action: ReactNode;
  /** What the button does, in a sentence or two. */
  children: ReactNode;
  /** What came of it, over the whole width. */
  outcome?: ReactNode;
}

/** One thing to do with one's data. */
export function DataSection({ title, action, children, outcome }: DataSectionProps) {
  return (
    <section className="row-line flex flex-wrap items-center justify-between gap-x-8 gap-y-3 py-4" aria-label={title}>
      <div className="min-w-0 flex-1 basis-72">
        <h2 className="font-medium">{title}</h2>
        <p className="mt-0.5 max-w-prose text-muted text-sm">{children}</p>
      </div>
      {action}
      {outcome ? <div className="min-w-0 basis-full">{outcome}</div> : null}
    </section>
  );
}
