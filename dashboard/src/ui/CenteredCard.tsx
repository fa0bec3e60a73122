import type { ReactNode } from "react";
import { Wordmark } from "./Wordmark.tsx";

/** One thing to do in the middle of an otherwise empty page. */
export function CenteredCard({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="flex min-h-full flex-col items-center px-4 py-[12vh]">
      <Wordmark />
      <section className="mt-6 w-full max-w-sm rounded-xl border border-line bg-surface p-6 shadow-pop">
        <h1 className="mb-4 font-semibold text-lg">{title}</h1>
        {children}
      </section>
    </main>
  );
}
