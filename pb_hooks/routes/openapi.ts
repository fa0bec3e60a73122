import { guardBodyless } from "../lib/guard.ts";

/** `GET /api/openapi.json`: the document of this API, made by the build out of the contract's schemas. */
export function handleOpenApi(e: core.RequestEvent): void {
  guardBodyless(e, () => {
    e.response.header().set("Cache-Control", "no-cache");
    e.fileFS($os.dirFS(__hooks), "openapi.json");
  });
}
