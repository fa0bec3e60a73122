import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useServer } from "../../../lib/server.tsx";
import { type ImportSums, importArchive, NOTHING_IMPORTED } from "./import-archive.ts";

/** An import, from the choice of a file to its end. */
export type ImportState =
  | { readonly status: "idle" }
  | {
      readonly status: "running" | "done" | "stopped";
      readonly file: File;
      readonly sums: ImportSums;
    }
  | { readonly status: "failed"; readonly file: File; readonly sums: ImportSums; readonly error: unknown };

/** Imports one archive at a time, as long as its page is open. */
export function useArchiveImport() {
  const server = useServer();
  const client = useQueryClient();
  const [state, setState] = useState<ImportState>({ status: "idle" });
  const running = useRef<AbortController>(null);
  const isRunning = state.status === "running";
  useEffect(() => () => running.current?.abort(), []);
  useEffect(() => {
    if (!isRunning) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [isRunning]);

  /** @param from what an earlier attempt with the same file has done */
  const start = async (file: File, from: ImportSums = NOTHING_IMPORTED) => {
    const controller = new AbortController();
    running.current = controller;
    const { signal } = controller;
    let sums = from;
    const onProgress = (so: ImportSums) => {
      sums = so;
      setState({ status: "running", file, sums });
    };
    onProgress(from);
    try {
      await importArchive(server, file, { from, onProgress, signal });
      setState({ status: "done", file, sums });
    } catch (error) {
      setState(signal.aborted ? { status: "stopped", file, sums } : { status: "failed", file, sums, error });
    }
    // Every list and sum may show something else now.
    await client.invalidateQueries();
  };

  return { state, start, stop: () => running.current?.abort() };
}
