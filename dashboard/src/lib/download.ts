import type PocketBase from "pocketbase";
import { ClientResponseError } from "pocketbase";
import { SignedOutError } from "./account/confirm-signed-in.ts";

/** How the server ends a file that it could not write to its end. */
const BROKEN_OFF = "THIS EXPORT IS NOT COMPLETE";

/**
 * Fetches a file with the user's token and hands it to the browser to save, under the name that the server gives it.
 * @param path address on this server, with its parameters
 * @throws ClientResponseError when the server refuses or cannot be reached, SignedOutError when it does not know the
 *   token any more, Error when the file is not complete
 */
export async function download(server: PocketBase, path: string): Promise<void> {
  const { blob, name } = await fetchFile(server, path);
  const end = await blob.slice(-200).text();
  if (end.includes(BROKEN_OFF)) throw new Error("The server broke off while it wrote the file.");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // Not at once: the browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function fetchFile(server: PocketBase, path: string): Promise<{ blob: Blob; name: string }> {
  const url = `${location.origin}${path}`;
  let answer: Response;
  try {
    answer = await fetch(url, { headers: { Authorization: server.authStore.token } });
  } catch (originalError) {
    throw new ClientResponseError({ url, status: 0, originalError });
  }
  if (answer.status === 401) {
    server.authStore.clear();
    throw new SignedOutError();
  }
  if (!answer.ok) {
    throw new ClientResponseError({ url, status: answer.status, response: await answer.json().catch(() => ({})) });
  }
  const name = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1] ?? "export";
  return { blob: await answer.blob(), name };
}
