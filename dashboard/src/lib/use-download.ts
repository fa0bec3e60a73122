import { useMutation } from "@tanstack/react-query";
import { toast } from "sonner";
import { describeError } from "./describe-error.ts";
import { download } from "./download.ts";
import { useServer } from "./server.tsx";

/** Saves files of the server; tells what failed by itself. */
export function useDownload(): { save: (path: string) => void; isBusy: boolean } {
  const server = useServer();
  const { mutate, isPending } = useMutation({
    mutationFn: (path: string) => download(server, path),
    onError: (error) => toast.error(`Nothing was saved. ${describeError(error).message}`),
  });
  return { save: mutate, isBusy: isPending };
}
