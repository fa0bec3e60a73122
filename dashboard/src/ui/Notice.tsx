import type { ReactNode } from "react";

interface NoticeProps {
  title: string;
  children?: ReactNode;
  /** Buttons or links. */
  actions?: ReactNode;
}

/** What an empty place says instead of nothing: one sentence and the next step. */
export function Notice({ title, children, actions }: NoticeProps) {
  return (
    <div className="mx-auto flex max-w-xl flex-col items-center px-4 py-16 text-center">
      <h2 className="font-semibold text-lg">{title}</h2>
      {children ? <div className="mt-1.5 text-muted">{children}</div> : null}
      {actions ? <div className="mt-5 flex flex-wrap justify-center gap-2">{actions}</div> : null}
    </div>
  );
}
