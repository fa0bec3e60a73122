import * as z from "zod/mini";
import { dataSchema } from "./scalars.ts";

/**
 * One piece of a message: what was said, thought, called, answered or attached.
 * Sent, stored and shown exactly as it is, in its order: keys that we do not name are kept, and null in `content` is
 * data. `type` is open; contents of the types that we know are in `part-contents.ts`.
 */
export const partSchema = z.looseObject({
  type: z.string(),
  /** Anything, but there: a part without content is a mistake, one with null is not. */
  content: z.unknown(),
  id: z.exactOptional(z.nullable(z.string())),
  meta: z.exactOptional(z.nullable(dataSchema)),
});
export type Part = z.infer<typeof partSchema>;
