import { execFile } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import config from "../rolldown.config.mjs";
import { readFixtureEvents } from "./testing/opencode-fixture.ts";

const run = promisify(execFile);
const sourceFolder = fileURLToPath(new URL("..", import.meta.url));

/** Largest size of the entry, bytes: OpenCode reads and compiles it at every start. */
const MAX_BYTES = 150_000;

let folder: string;
let entry: string;
let modules: string[];
let files: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "opensync-plugin-"));
  const [options] = config;
  const bundle = await rolldown({ ...options, cwd: sourceFolder });
  const { output } = await bundle.write({ ...options?.output, dir: folder });
  await bundle.close();
  files = output.map(({ fileName }) => fileName);
  modules = output.flatMap((chunk) => (chunk.type === "chunk" ? Object.keys(chunk.modules) : []));
  entry = join(folder, "plugin.mjs");
  // The installed file is plugin.js without a package.json; Node tells a module by its ending, Bun by its content.
  copyFileSync(join(folder, "plugin.js"), entry);
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the built entry", () => {
  test("is one file, small, without what only the command line needs", () => {
    expect(files).toEqual(["plugin.js"]);
    expect(readFileSync(entry).byteLength).toBeLessThan(MAX_BYTES);
    expect(modules.filter((id) => /undici|clack|jsonc-parser|zod\/v4\/classic/.test(id))).toEqual([]);
  });

  test("is marked as ready for Bun, whose translator would hold several times its size in the agent's memory", () => {
    expect(readFileSync(entry, "utf8")).toMatch(/^\/\/ @bun\n/);
  });

  test("imports nothing but what its host provides", () => {
    const text = readFileSync(entry, "utf8");
    const imported = [...text.matchAll(/(?:from|import)\s*\(?\s*[`"']([^`"']+)[`"']/g)].map((match) => match[1]);
    expect(imported.length).toBeGreaterThan(3);
    expect(imported.filter((name) => !/^(node|bun):/.test(name ?? ""))).toEqual([]);
  });

  test("has one export, in the form that both lines of OpenCode load", async () => {
    const plugin = await import(pathToFileURL(entry).href);
    expect(Object.keys(plugin)).toEqual(["default"]);
    expect(plugin.default).toEqual({ id: "opensync", server: expect.any(Function), setup: expect.any(Function) });
  });
});

/** Runs a script in a process of its own whose home is empty, and gives what it printed. */
async function inProcess(script: string) {
  const code = `import plugin from ${JSON.stringify(pathToFileURL(entry).href)};\n${script}`;
  const env = { PATH: process.env["PATH"], HOME: folder, XDG_DATA_HOME: folder };
  return run(process.execPath, ["--input-type=module", "--eval", code], { env, timeout: 20_000 });
}

describe("in the agent's process", () => {
  test("the plugin prints nothing, listens to no signal, and lets the process end", async () => {
    const events = JSON.stringify(readFixtureEvents());
    const script = `
      const before = process.eventNames().length;
      const hooks = await plugin.server();
      for (const event of ${events}) await hooks.event({ event });
      for (const event of [null, undefined, {}, { type: "session.idle", properties: null }]) await hooks.event({ event });
      await hooks.event();
      if (process.eventNames().length !== before) process.exit(3);
      await hooks.dispose();
      await plugin.setup({});
      await plugin.setup({ event: {} });
    `;
    expect(await inProcess(script)).toEqual({ stdout: "", stderr: "" });
  });

  test("loaded twice, it works once", async () => {
    const again = pathToFileURL(entry).href;
    const script = `
      const second = (await import(${JSON.stringify(`${again}?again`)})).default;
      const symbols = () => Object.getOwnPropertySymbols(globalThis).filter((s) => String(s).includes("opensync"));
      await plugin.server();
      const shared = globalThis[symbols()[0]];
      await second.server();
      if (symbols().length !== 1 || globalThis[symbols()[0]] !== shared) process.exit(3);
    `;
    expect(await inProcess(script)).toEqual({ stdout: "", stderr: "" });
  });

  test("a new version's events are taken from a stream, and ending it ends the plugin", async () => {
    const script = `
      let isStopped = false;
      async function* subscribe({ signal }) {
        signal.addEventListener("abort", () => { isStopped = true; });
        yield { id: "evt_1", type: "session.step.ended", data: { sessionID: "ses_1" } };
        throw new Error("the stream broke");
      }
      const cleanup = await plugin.setup({ event: { subscribe } });
      await cleanup();
      if (!isStopped) process.exit(3);
    `;
    expect(await inProcess(script)).toEqual({ stdout: "", stderr: "" });
  });
});
