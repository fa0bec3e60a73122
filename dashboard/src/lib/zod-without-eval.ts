/**
 * Imported before everything else: zod otherwise probes whether it may compile validators, with `new Function("")`,
 * which the content security policy reports as a violation.
 */
import * as z from "zod/mini";

z.config({ jitless: true });
