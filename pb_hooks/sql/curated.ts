/** What people add to a session as a text; "" while nobody has. */
export const CURATED_TEXTS = ["customTitle", "notes", "evalStatus", "evalNotes", "expectedOutput"] as const;

/** What people add to a session as yes or no. Tags are a list and stand by themselves. */
export const CURATED_FLAGS = ["starred", "evalReady"] as const;
