import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createKeyAnswerSchema, setupAnswerSchema } from "@opensync/client";
import { expect, inject, test } from "vitest";
import { startServer, type TestServer } from "../support/server.ts";
import { setupToken } from "../support/setup-link.ts";

const password = "correct horse battery";
const wrongPassword = "incorrect horse battery";
const strangeKey = `os_${"Z".repeat(43)}`;
const importedKey = `osk_${"V1".repeat(16)}`;

test("logs, files and output hold no key, password or token of all that went on", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "opensync-secrets-"));
  cpSync(inject("template"), dataDir, { recursive: true });
  const server = await startServer({ dataDir });
  try {
    const token = setupToken(server);
    const secrets = {
      password,
      wrongPassword,
      strangeKey,
      importedKey,
      token,
      ...(await useEverySecret(server, token)),
    };
    await server.stop();

    const logged = readLog(dataDir);
    expect(logged).toContain("/api/collections/users/auth-with-password");
    expect(logged).toContain("/sync/no-such-route");
    const files = readdirSync(dataDir).filter((name) => /\.db/.test(name));
    expect(files).toContain("auxiliary.db");
    for (const [name, secret] of Object.entries(secrets)) {
      expect(logged.includes(secret), `${name} in the log`).toBe(false);
      const holders = files.filter((file) => readFileSync(join(dataDir, file)).includes(secret));
      expect(holders, `files with ${name}`).toEqual([]);
      // The setup link is printed for the person in front of the terminal, once.
      expect(server.output().split(secret).length - 1, `${name} in the output`).toBe(name === "token" ? 1 : 0);
    }
  } finally {
    await server.kill();
    rmSync(dataDir, { recursive: true, force: true });
  }
});

/** Uses everything secret, rightly and wrongly, on routes that answer well and badly; returns what the server made. */
async function useEverySecret(server: TestServer, token: string): Promise<{ key: string; session: string }> {
  const post = async (path: string, body: unknown, authorization = "") => {
    const headers = { "Content-Type": "application/json", Authorization: authorization };
    return (await fetch(server.url + path, { method: "POST", headers, body: JSON.stringify(body) })).json();
  };
  const account = { token, email: "owner@example.com", password };
  await post("/api/setup", { ...account, password: "" });
  const { token: session } = setupAnswerSchema.parse(await post("/api/setup", account));
  await post("/api/setup", account);
  await post("/api/collections/users/auth-with-password", { identity: account.email, password });
  await post("/api/collections/users/auth-with-password", { identity: account.email, password: wrongPassword });
  const { key } = createKeyAnswerSchema.parse(await post("/api/keys", { name: "laptop" }, session));
  await post("/api/keys", { name: "old", import: importedKey }, session);
  await post("/api/keys", { name: "again", import: importedKey }, session);
  for (const secret of [key, importedKey, strangeKey, session]) {
    for (const path of [
      "/api/keys",
      "/sync/batch",
      "/sync/no-such-route",
      "/api/batch",
      "/api/collections/api_keys/records",
    ]) {
      await post(path, { name: "" }, `Bearer ${secret}`);
    }
  }
  return { key, session };
}

function readLog(dataDir: string): string {
  const database = new DatabaseSync(join(dataDir, "auxiliary.db"), { readOnly: true });
  try {
    return JSON.stringify(database.prepare("SELECT message, data FROM _logs").all());
  } finally {
    database.close();
  }
}
