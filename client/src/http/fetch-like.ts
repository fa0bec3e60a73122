/** What we hand to `fetch`. Redirects are never followed: a POST would come out as a GET, and the key would travel on. */
export interface FetchInit {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
  readonly redirect: "manual";
}

/** What we read of its answer. */
export interface FetchAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: {
    getReader(): {
      read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
      cancel(): Promise<void>;
    };
  } | null;
}

/** The part of `fetch` that this package needs: the runtime's own fits, and so does undici's. */
export type FetchLike = (url: string, init: FetchInit) => Promise<FetchAnswer>;
