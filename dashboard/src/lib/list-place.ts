/** Where a reader was in the list of sessions, so that coming back from a session does not begin at the top. */
interface ListPlace {
  /** The list's address with its filters, from the path on. */
  readonly href: string;
  readonly scrollTop: number;
}

let place: ListPlace = { href: "/", scrollTop: 0 };

/** Keeps the place for as long as the page is open. */
export function rememberListPlace(left: ListPlace): void {
  place = left;
}

/** The place last left; the top of the whole list before that. */
export function recallListPlace(): ListPlace {
  return place;
}
