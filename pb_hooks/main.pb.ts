// Registrations and nothing else. PocketBase compiles every handler from its own text in another VM, so a handler can
// see nothing of this file: each is one line that calls the bundled library.
{
  const app = `require(${JSON.stringify(`${__hooks}/lib/app.js`)})`;
  type Handler = keyof typeof import("./app.ts");
  const call = (name: Handler) => `(e) => ${app}.${name}(e)`;
  const quiet = $apis.skipSuccessActivityLog();
  // PocketBase's own body limit is off on our routes: its 413 is not of our form, and lib/body.ts has limits of its own.
  const anyBody = $apis.bodyLimit(0);

  type Route = [method: string, path: string, name: Handler];
  // The first version's clients know these below other addresses too: the sign-in of each takes only an address with a
  // certain text in it, `convex.site` or `.convex.site`. Every address costs memory, so the others have none.
  const prefixes = ["/convex.site", "/v1.convex.site"];
  const ofVersion1: Route[] = [
    ["GET", "/health", "handleHealth"],
    ["POST", "/sync/session", "handleSyncSession"],
    ["POST", "/sync/message", "handleSyncMessage"],
    ["POST", "/sync/batch", "handleSyncBatch"],
    ["GET", "/sync/sessions/list", "handleSyncSessionsList"],
    ["GET", "/sync/sessions/messages", "handleSyncSessionsMessages"],
    ["GET", "/api/sessions", "handleSessions"],
    ["GET", "/api/sessions/get", "handleSession"],
    ["GET", "/api/search", "handleSearch"],
    ["GET", "/api/context", "handleContext"],
    ["GET", "/api/export", "handleExport"],
    ["GET", "/api/export/evals", "handleExportEvals"],
    ["GET", "/api/stats", "handleStats"],
  ];
  const ours: Route[] = [
    ["POST", "/api/keys", "handleCreateKey"],
    ["DELETE", "/api/keys/{id}", "handleRevokeKey"],
    ["GET", "/api/archive", "handleArchive"],
    ["POST", "/api/archive", "handleImport"],
    ["GET", "/api/export/csv", "handleExportCsv"],
    ["GET", "/api/prices", "handleListPrices"],
    ["PUT", "/api/prices/{model}", "handleSetPrice"],
    ["DELETE", "/api/prices/{model}", "handleRemovePrice"],
    ["POST", "/api/setup", "handleSetup"],
    ["GET", "/plugin.tgz", "handlePluginPackage"],
    ["GET", "/api/sessions/{id}", "handleSession"],
    ["GET", "/api/sessions/facets", "handleSessionsFacets"],
    ["GET", "/api/usage", "handleUsage"],
    ["POST", "/api/usage/rebuild", "handleUsageRebuild"],
    ["GET", "/api/openapi.json", "handleOpenApi"],
    ["POST", "/api/sessions/bulk", "handleBulkSessions"],
    ["PATCH", "/api/sessions/{id}", "handleChangeSession"],
    ["DELETE", "/api/sessions/{id}", "handleDeleteSession"],
    ["POST", "/api/sessions/{id}/restore", "handleRestoreSession"],
    ["POST", "/api/account/delete-data", "handleDeleteData"],
    ["DELETE", "/api/account", "handleDeleteAccount"],
  ];
  // Some clients end addresses with a slash.
  const add = (prefix: string, [method, path, name]: Route) => {
    for (const end of ["", "/{$}"]) routerAdd(method, `${prefix}${path}${end}`, call(name), anyBody, quiet);
  };
  for (const route of [...ofVersion1, ...ours]) add("", route);
  for (const prefix of prefixes) for (const route of ofVersion1) add(prefix, route);

  // The method is part of each: a pattern for all methods would conflict with the dashboard's "GET /{path...}".
  for (const folder of ["/sync", "/api", "/share", ...prefixes]) {
    routerAdd("GET", `${folder}/{path...}`, call("handleUnknownRoute"), anyBody);
  }
  for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
    for (const folder of ["", "/api"]) routerAdd(method, `${folder}/{path...}`, call("handleUnknownRoute"), anyBody);
  }

  const dashboard = `${__hooks}/../dashboard`;
  routerAdd(
    "GET",
    "/assets/{path...}",
    $apis.static($os.dirFS(`${dashboard}/assets`), false),
    call("cacheAssets"),
    $apis.gzip(),
  );
  // Not compressed: the page itself is small, and the plugin's package is compressed already.
  routerAdd("GET", "/{path...}", call("handlePage"), anyBody, quiet);

  onRecordAuthWithPasswordRequest((e) => {
    (require(`${__hooks}/lib/app.js`) as typeof import("./app.ts")).limitSignIn(e);
  });

  cronAdd("opensyncTrash", "* * * * *", () => {
    (require(`${__hooks}/lib/app.js`) as typeof import("./app.ts")).runTrashJob();
  });

  cronAdd("opensyncSearch", "* * * * *", () => {
    (require(`${__hooks}/lib/app.js`) as typeof import("./app.ts")).runSearchJob();
  });

  cronAdd("opensyncMergeWords", "* * * * *", () => {
    (require(`${__hooks}/lib/app.js`) as typeof import("./app.ts")).runMergeJob();
  });

  onBootstrap((e) => {
    e.next();
    (require(`${__hooks}/lib/app.js`) as typeof import("./app.ts")).prepareStart(e.app);
  });
}
