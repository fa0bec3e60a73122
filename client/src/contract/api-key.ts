import * as z from "zod/mini";
import { nullIsAbsent } from "./null-is-absent.ts";
import { timeSchema } from "./scalars.ts";

/** What a key may do: `sync` pushes and compares, `full` also reads. */
export const keyScopeSchema = z.enum(["sync", "full"]);
export type KeyScope = z.infer<typeof keyScopeSchema>;

/** Body of `POST /api/keys`. Scope is `sync` if absent. */
export const createKeyRequestSchema = nullIsAbsent(
  z.object({
    name: z.string().check(z.minLength(1)),
    scope: z.exactOptional(keyScopeSchema),
    /** Machine that will use the key; becomes the device of sessions that name none. */
    device: z.exactOptional(z.string()),
    expiresAt: z.exactOptional(timeSchema),
    /** An existing `osk_…` or `os_…` value to go on using, instead of a new one. */
    import: z.exactOptional(z.string()),
  }),
);
export type CreateKeyRequest = z.infer<typeof createKeyRequestSchema>;

/** Answer of `POST /api/keys`: the only time that the key itself is shown. `prefix` is its first ten characters. */
export const createKeyAnswerSchema = z.object({
  id: z.string(),
  key: z.string(),
  prefix: z.string(),
  name: z.string(),
  scope: keyScopeSchema,
});
export type CreateKeyAnswer = z.infer<typeof createKeyAnswerSchema>;
