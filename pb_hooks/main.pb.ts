// Registrations and nothing else. PocketBase compiles every handler from its own text in another VM, so a handler can
// see nothing of this file: each is one line that calls the bundled library.
{
  const app = `require(${JSON.stringify(`${__hooks}/lib/app.js`)})`;
  type Handler = keyof typeof import("./app.ts");
  const call = (name: Handler) => `(e) => ${app}.${name}(e)`;
  const quiet = $apis.skipSuccessActivityLog();
  // PocketBase's own body limit is off on our routes: its 413 is not of our form, and lib/body.ts has limits of its own.
  const anyBody = $apis.bodyLimit(0);

  // The first version's clients know our routes below other addresses too, and some end them with a slash. The sign-in
  // of each takes only an address with a certain text in it: `convex.site`, or `.convex.site`.
  const prefixes = ["/convex.site", "/v1.convex.site"];
  const routes: [method: string, path: string, name: Handler][] = [
    ["GET", "/health", "handleHealth"],
    ["POST", "/sync/session", "handleSyncSession"],
    ["POST", "/sync/message", "handleSyncMessage"],
    ["POST", "/sync/batch", "handleSyncBatch"],
    ["GET", "/sync/sessions/list", "handleSyncSessionsList"],
    ["GET", "/sync/sessions/messages", "handleSyncSessionsMessages"],
    ["POST", "/api/keys", "handleCreateKey"],
    ["DELETE", "/api/keys/{id}", "handleRevokeKey"],
    ["GET", "/api/archive", "handleArchive"],
    ["POST", "/api/archive", "handleImport"],
    ["GET", "/api/export", "handleExport"],
    ["GET", "/api/export/csv", "handleExportCsv"],
    ["GET", "/api/export/evals", "handleExportEvals"],
    ["GET", "/api/prices", "handleListPrices"],
    ["PUT", "/api/prices/{model}", "handleSetPrice"],
    ["DELETE", "/api/prices/{model}", "handleRemovePrice"],
    ["POST", "/api/setup", "handleSetup"],
    ["GET", "/api/search", "handleSearch"],
    ["GET", "/api/context", "handleContext"],
    ["GET", "/plugin.tgz", "handlePluginPackage"],
    ["GET", "/api/sessions", "handleSessions"],
    ["GET", "/api/sessions/get", "handleSession"],
    ["GET", "/api/sessions/{id}", "handleSession"],
    ["GET", "/api/sessions/facets", "handleSessionsFacets"],
    ["GET", "/api/usage", "handleUsage"],
    ["GET", "/api/stats", "handleStats"],
    ["POST", "/api/usage/rebuild", "handleUsageRebuild"],
    ["GET", "/api/openapi.json", "handleOpenApi"],
    ["POST", "/api/sessions/bulk", "handleBulkSessions"],
    ["PATCH", "/api/sessions/{id}", "handleChangeSession"],
    ["DELETE", "/api/sessions/{id}", "handleDeleteSession"],
    ["POST", "/api/sessions/{id}/restore", "handleRestoreSession"],
    ["POST", "/api/account/delete-data", "handleDeleteData"],
    ["DELETE", "/api/account", "handleDeleteAccount"],
  ];
  for (const [method, path, name] of routes) {
    for (const prefix of ["", ...prefixes]) {
      for (const end of ["", "/{$}"]) {
        routerAdd(method, `${prefix}${path}${end}`, call(name), anyBody, quiet);
      }
    }
  }

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
