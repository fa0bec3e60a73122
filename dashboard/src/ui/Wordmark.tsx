/** The product's sign and name; with `isShort` the sign alone on small screens. */
export function Wordmark({ isShort = false }: { isShort?: boolean }) {
  return (
    <span className="inline-flex items-center gap-2 font-semibold tracking-tight">
      <svg viewBox="0 0 32 32" className="size-5" fill="none" aria-hidden="true">
        <rect width="32" height="32" rx="7" className="fill-accent" />
        <path
          d="M9 12.5a8 8 0 0 1 13.6-1.9M23 19.5a8 8 0 0 1-13.6 1.9"
          className="stroke-on-accent"
          strokeWidth="2.8"
          strokeLinecap="round"
        />
        <circle cx="16" cy="16" r="2.8" className="fill-on-accent" />
      </svg>
      <span className={isShort ? "max-sm:hidden" : ""}>OpenSync</span>
    </span>
  );
}
