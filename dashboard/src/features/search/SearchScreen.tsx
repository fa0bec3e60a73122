import { searchAnswerSchema } from "@opensync/client";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useRef } from "react";
import { callApi } from "../../lib/call-api.ts";
import { timeZone } from "../../lib/days.ts";
import { describeError } from "../../lib/describe-error.ts";
import { useRowKeys } from "../../lib/keyboard/use-row-keys.ts";
import { useServer } from "../../lib/server.tsx";
import { useDocumentTitle } from "../../lib/use-document-title.ts";
import { Button } from "../../ui/Button.tsx";
import { ErrorPanel } from "../../ui/ErrorPanel.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { SkeletonRows } from "../../ui/SkeletonRows.tsx";
import { explainExactness } from "./explain-exactness.ts";
import { SearchField } from "./SearchField.tsx";
import { SearchHelp } from "./SearchHelp.tsx";
import { SearchResultItem } from "./SearchResultItem.tsx";
import type { SearchAddress } from "./search-address.ts";

const PAGE_SIZE = 20;

function useSessionSearch(q: string, sort: "relevance" | "newest") {
  const server = useServer();
  return useInfiniteQuery({
    queryKey: ["search", q, sort],
    queryFn: ({ pageParam, signal }) => {
      const query = { v: 2, q, sort, tz: timeZone(), limit: PAGE_SIZE, cursor: pageParam ?? undefined };
      return callApi(server, searchAnswerSchema, "/api/search", { query, signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    enabled: q !== "",
    placeholderData: keepPreviousData,
  });
}

/** Finds words in titles, in what was said, and in what tools were given and gave back. */
export function SearchScreen() {
  const { q = "", sort } = useSearch({ from: "/signed-in/search" });
  useDocumentTitle(q === "" ? "Search" : `${q} – Search`);
  const navigate = useNavigate({ from: "/search" });
  const search = useSessionSearch(q, sort ?? "relevance");
  const list = useRef<HTMLOListElement>(null);
  useRowKeys(list);
  const go = (address: SearchAddress) => void navigate({ search: address, replace: true });
  const results = q === "" ? [] : (search.data?.pages.flatMap((page) => page.results) ?? []);
  const exactness = search.data?.pages.at(-1)?.exactness;
  const isBusy = q !== "" && (search.isPending || search.isPlaceholderData);
  return (
    <main className="min-h-0 flex-1 overflow-y-auto" aria-label="Search" aria-busy={isBusy}>
      <div className="mx-auto max-w-4xl px-4 py-4">
        <h1 className="sr-only">Search</h1>
        <SearchField
          q={q}
          onChange={(next) => go({ ...(next === "" ? {} : { q: next }), ...(sort ? { sort } : {}) })}
        />
        {q === "" ? (
          <SearchHelp onTry={(example) => go({ q: example })} />
        ) : (
          <div className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-muted text-sm">
            <SortChoice sort={sort} onChange={(next) => go({ q, ...(next ? { sort: next } : {}) })} />
            <Link to="/" search={{ q }} className="underline hover:text-ink">
              Sort and filter as a list
            </Link>
            <p role="status" className="ml-auto">
              {exactness && !isBusy && (results.length > 0 || search.hasNextPage) ? explainExactness(exactness) : ""}
            </p>
          </div>
        )}
        {q !== "" && search.isPending ? <SkeletonRows count={6} heightPx={72} label="Searching" /> : null}
        {search.isError ? (
          <ErrorPanel
            title="The search failed"
            {...describeError(search.error)}
            onRetry={() => void search.refetch()}
          />
        ) : null}
        {search.isSuccess && !isBusy && q !== "" && results.length === 0 && !search.hasNextPage ? (
          <Notice title="Nothing was found">
            {exactness ? explainExactness(exactness) : ""} Fewer words find more, and so does the beginning of a word
            with a star: <code>deploy*</code>.
          </Notice>
        ) : null}
        <ol ref={list} className="mt-2">
          {results.map((result) => (
            <SearchResultItem key={result.session.id} result={result} />
          ))}
        </ol>
        {q !== "" && search.hasNextPage ? (
          <Button className="mt-4" disabled={search.isFetchingNextPage} onClick={() => void search.fetchNextPage()}>
            {search.isFetchingNextPage ? "Searching…" : "Show more"}
          </Button>
        ) : null}
      </div>
    </main>
  );
}

function SortChoice({
  sort,
  onChange,
}: {
  sort: SearchAddress["sort"];
  onChange: (sort: SearchAddress["sort"]) => void;
}) {
  const choices = [
    { value: undefined, label: "Best match" },
    { value: "newest", label: "Newest" },
  ] as const;
  return (
    <fieldset className="flex gap-1">
      <legend className="sr-only">Order</legend>
      {choices.map(({ value, label }) => (
        <Button
          key={label}
          isSmall
          look="quiet"
          aria-pressed={sort === value}
          className={sort === value ? "bg-fill text-ink" : ""}
          onClick={() => onChange(value)}
        >
          {label}
        </Button>
      ))}
    </fieldset>
  );
}
