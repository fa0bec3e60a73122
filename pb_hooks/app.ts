// What main.pb.ts may call: one name per handler.
export { runTrashJob } from "./jobs/empty-trash.ts";
export { prepareStart } from "./jobs/first-run.ts";
export { runMergeJob } from "./jobs/merge-words.ts";
export { runSearchJob } from "./jobs/search-aids.ts";
export { handleDeleteAccount, handleDeleteData } from "./routes/account.ts";
export { handleCreateKey, handleRevokeKey } from "./routes/api-keys.ts";
export { handleArchive } from "./routes/archive.ts";
export { handleBulkSessions } from "./routes/bulk-sessions.ts";
export { handleContext } from "./routes/context.ts";
export { handleExport } from "./routes/export.ts";
export { handleExportCsv } from "./routes/export-csv.ts";
export { handleExportEvals } from "./routes/export-evals.ts";
export { handleHealth } from "./routes/health.ts";
export { handleImport } from "./routes/import.ts";
export { handleOpenApi } from "./routes/openapi.ts";
export { cacheAssets, handlePage, handleUnknownRoute } from "./routes/pages.ts";
export { handlePluginPackage } from "./routes/plugin-package.ts";
export { handleListPrices, handleRemovePrice, handleSetPrice } from "./routes/prices.ts";
export { handleSearch } from "./routes/search.ts";
export { handleSession } from "./routes/session.ts";
export {
  handleChangeSession,
  handleDeleteSession,
  handleRestoreSession,
} from "./routes/session-curation.ts";
export { handleSessions } from "./routes/sessions.ts";
export { handleSessionsFacets } from "./routes/sessions-facets.ts";
export { handleSetup } from "./routes/setup.ts";
export { limitSignIn } from "./routes/sign-in.ts";
export { handleStats } from "./routes/stats.ts";
export { handleSyncBatch } from "./routes/sync-batch.ts";
export { handleSyncMessage } from "./routes/sync-message.ts";
export { handleSyncSession } from "./routes/sync-session.ts";
export { handleSyncSessionsList } from "./routes/sync-sessions-list.ts";
export { handleSyncSessionsMessages } from "./routes/sync-sessions-messages.ts";
export { handleUsage } from "./routes/usage.ts";
export { handleUsageRebuild } from "./routes/usage-rebuild.ts";
