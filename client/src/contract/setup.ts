import * as z from "zod/mini";
import { nullIsAbsent } from "./null-is-absent.ts";

/** Body of `POST /api/setup`: creates the first account. `token` is the one of the setup link, good once. */
export const setupRequestSchema = nullIsAbsent(
  z.object({
    token: z.string().check(z.minLength(1)),
    email: z.string().check(z.minLength(1)),
    password: z.string().check(z.minLength(1)),
    name: z.exactOptional(z.string()),
  }),
);
export type SetupRequest = z.infer<typeof setupRequestSchema>;

/** Answer of `POST /api/setup`: signed in, in the shape of PocketBase's own sign-in. */
export const setupAnswerSchema = z.object({
  token: z.string(),
  record: z.looseObject({ id: z.string(), email: z.string() }),
});
export type SetupAnswer = z.infer<typeof setupAnswerSchema>;
