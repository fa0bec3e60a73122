/**
 * The one-time token of a setup link, from the address's fragment (`#token=…`), which browsers never send to a server.
 * @returns undefined when the fragment holds none
 */
export function readSetupToken(fragment: string): string | undefined {
  return new URLSearchParams(fragment.replace(/^#/, "")).get("token") || undefined;
}
