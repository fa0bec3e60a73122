/** Items that a list of a request may have. */
export const MAX_ITEMS = 5000;
