import * as z from "zod/mini";

/** Body of every answer of ours that is not a success. */
export const errorAnswerSchema = z.object({ error: z.string() });
export type ErrorAnswer = z.infer<typeof errorAnswerSchema>;
