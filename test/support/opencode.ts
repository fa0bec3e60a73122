/**
 * The real OpenCode, in a private home, against a mock model. In three lines:
 *
 *   const home = await createOpenCodeHome({ modelUrl: model.url, server: { url, key } });
 *   const run = await runOpenCode(home, "Look [[tool:bash {\"command\":\"ls\",\"description\":\"look\"}]][[say:Seen.]]");
 *   home.remove();
 *
 * Without `server`, nothing of ours is in the home: sign in with `runCli(home, ["login", …])` as a person would.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The version that the tests run; pinned, because storage and events change from release to release. */
export const OPENCODE_VERSION = "1.18.33";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** The built entry and program; `node scripts/build.mjs plugin` makes them. */
export const builtPlugin = join(root, "plugin/dist/plugin.js");
export const builtCli = join(root, "plugin/dist/cli.js");

/** A home directory with its own OpenCode configuration and one git project. */
export type OpenCodeHome = {
  /** Which OpenCode runs here. */
  readonly version: string;
  readonly home: string;
  /** A git checkout on branch `main` with origin github.com/acme/alpha. */
  readonly project: string;
  /** `opencode.json` of the user. */
  readonly configFile: string;
  /** OpenCode's database, there after the first run. */
  readonly databaseFile: string;
  /** The whole environment of every program started here. */
  readonly env: Readonly<Record<string, string>>;
  readonly remove: () => void;
};

/** How a program ended. */
export type Finished = {
  /** null when a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
};

/** A program that runs while the test goes on. */
export type Running = { readonly child: ChildProcess; readonly finished: Promise<Finished> };

/**
 * Makes a private home for OpenCode.
 * @param options.modelUrl base URL of the mock model
 * @param options.server writes credentials and registers the built plugin, as `login` would
 * @param options.plugins other entries for `plugin` in opencode.json, before ours
 * @param options.isPrepared whether OpenCode takes what it wants to install for plugins as installed; default: yes
 * @param options.version of OpenCode, for its older ways of storing sessions; 1.18.33 if absent
 */
export async function createOpenCodeHome(options: {
  readonly modelUrl: string;
  readonly version?: string;
  readonly server?: { readonly url: string; readonly key: string };
  readonly plugins?: readonly string[];
  readonly isPrepared?: boolean;
}): Promise<OpenCodeHome> {
  const base = mkdtempSync(join(tmpdir(), "opensync-opencode-"));
  const home = join(base, "home");
  const project = join(base, "alpha");
  const configDir = join(home, ".config/opencode");
  const configFile = join(configDir, "opencode.json");
  mkdirSync(configDir, { recursive: true });
  mkdirSync(join(base, "tmp"));
  const version = options.version ?? OPENCODE_VERSION;
  const plugins = [...(options.plugins ?? []), ...(options.server ? [pathToFileURL(builtPlugin).href] : [])];
  writeFileSync(configFile, JSON.stringify(openCodeConfig(options.modelUrl, plugins, version), null, 2));
  if (options.isPrepared !== false) writeInstallStub(configDir);
  if (options.server) {
    mkdirSync(join(home, ".opensync"), { mode: 0o700 });
    const credentials = { url: options.server.url, apiKey: options.server.key };
    writeFileSync(join(home, ".opensync/credentials.json"), JSON.stringify(credentials), { mode: 0o600 });
  }
  const env = environment(base, home);
  makeProject(project, env);
  return {
    version,
    home,
    project,
    configFile,
    databaseFile: join(home, ".local/share/opencode/opencode.db"),
    env,
    remove: () => rmSync(base, { recursive: true, force: true }),
  };
}

function openCodeConfig(modelUrl: string, plugins: readonly string[], version: string): object {
  const cost = { input: 3, output: 15, cache_read: 0.3, cache_write: 3.75 };
  const model = { tool_call: true, reasoning: true, cost, limit: { context: 200_000, output: 32_000 } };
  return {
    autoupdate: false,
    share: "disabled",
    model: "mock/mock-1",
    small_model: "mock/mock-2",
    ...(version.startsWith("0.") ? {} : { permission: { "*": "allow" } }),
    plugin: plugins,
    provider: {
      mock: {
        // Before 1.0 it is not part of the program: OpenCode installs the newest when it starts.
        npm: "@ai-sdk/openai-compatible",
        options: { baseURL: modelUrl, apiKey: "sk-mock-provider-key-0123456789" },
        models: { "mock-1": model, "mock-2": model },
      },
    },
  };
}

/** With any plugin present OpenCode first installs `@opencode-ai/plugin`, 10-73 s; what it checks is this lock file. */
function writeInstallStub(configDir: string): void {
  const dependencies = { "@opencode-ai/plugin": "*" };
  mkdirSync(join(configDir, "node_modules"));
  writeFileSync(join(configDir, "package.json"), JSON.stringify({ dependencies }));
  writeFileSync(
    join(configDir, "package-lock.json"),
    JSON.stringify({ lockfileVersion: 3, packages: { "": { dependencies } } }),
  );
}

/** Nothing of the developer's own environment but PATH: no key, no proxy, no configuration leaks into a test. */
function environment(base: string, home: string): Record<string, string> {
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    XDG_DATA_HOME: join(home, ".local/share"),
    XDG_CONFIG_HOME: join(home, ".config"),
    XDG_CACHE_HOME: join(home, ".cache"),
    XDG_STATE_HOME: join(home, ".local/state"),
    // OpenCode unpacks native libraries there at every start, 5 MB each, and leaves them behind.
    TMPDIR: join(base, "tmp"),
    GIT_CONFIG_GLOBAL: join(base, "gitconfig"),
    GIT_CONFIG_NOSYSTEM: "1",
    OPENCODE_DISABLE_AUTOUPDATE: "1",
    OPENCODE_DISABLE_MODELS_FETCH: "1",
    OPENCODE_DISABLE_SHARE: "1",
    OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
    OPENCODE_DISABLE_DEFAULT_PLUGINS: "1",
  };
}

function makeProject(project: string, env: Record<string, string>): void {
  writeFileSync(
    env["GIT_CONFIG_GLOBAL"] ?? "",
    "[user]\n\tname = Dev\n\temail = dev@example.com\n[init]\n\tdefaultBranch = main\n",
  );
  mkdirSync(project);
  const git = (...args: string[]) => execFileSync("git", args, { cwd: project, env, stdio: "pipe" });
  git("init", "--quiet");
  git("remote", "add", "origin", "https://github.com/acme/alpha.git");
  writeFileSync(join(project, "README.md"), "# alpha\n");
  git("add", "README.md");
  git("commit", "--quiet", "--message", "init");
}

/**
 * Runs `opencode run <prompt>` to its end.
 * @param options.args put before the prompt, for example `["--session", id]`
 */
export function runOpenCode(
  home: OpenCodeHome,
  prompt: string,
  options: { readonly args?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Finished> {
  const args = ["run", ...(options.args ?? []), prompt];
  return startOpenCode(home, args, options.env === undefined ? {} : { env: options.env }).finished;
}

/** Starts any OpenCode command in the home's project and returns at once; end it through `child`. */
export function startOpenCode(
  home: OpenCodeHome,
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>> } = {},
): Running {
  return start(openCodeBinary(home.version), args, home, { env: options.env ?? {}, input: "" });
}

/**
 * Runs the built `opencode-sync` in the home, as a pipe (not a terminal).
 * @param options.input given on stdin
 */
export function runCli(
  home: OpenCodeHome,
  args: readonly string[],
  options: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Finished> {
  return startCli(home, args, options).finished;
}

/** As `runCli`, but returns at once; end it through `child`. */
export function startCli(
  home: OpenCodeHome,
  args: readonly string[],
  options: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Running {
  const input = options.input ?? "";
  return start(process.execPath, [builtCli, ...args], home, { env: options.env ?? {}, input });
}

function start(
  file: string,
  args: readonly string[],
  home: OpenCodeHome,
  options: { readonly env: Readonly<Record<string, string>>; readonly input: string },
): Running {
  const startedMs = performance.now();
  const child = spawn(file, args, { cwd: home.project, env: { ...home.env, ...options.env }, stdio: "pipe" });
  child.stdin.on("error", () => undefined).end(options.input);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode) => {
      resolve({ exitCode, stdout, stderr, durationMs: performance.now() - startedMs });
    });
  });
  return { child, finished };
}

/**
 * Path of the OpenCode binary, installed into `.cache/agents` when it is missing (180 MB, 15 s).
 * @throws when npm cannot install it, with npm's own words
 */
export function openCodeBinary(version: string = OPENCODE_VERSION): string {
  const folder = join(root, ".cache/agents", `opencode-ai-${version}`);
  if (!existsSync(folder)) install(folder, version);
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const program = process.platform === "win32" ? "opencode.exe" : "opencode";
  const binary = join(folder, "node_modules", `opencode-${platform}-${process.arch}`, "bin", program);
  if (!existsSync(binary)) throw new Error(`no OpenCode for ${platform} on ${process.arch}: ${binary} is missing`);
  return binary;
}

/** Installs beside the final place and renames, so that test files that start together cannot see half of it. */
function install(folder: string, version: string): void {
  mkdirSync(join(root, ".cache/agents"), { recursive: true });
  const fresh = mkdtempSync(`${folder}-`);
  const flags = ["--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const args = ["install", ...flags, "--prefix", fresh, `opencode-ai@${version}`];
  const npm = process.env["npm_execpath"];
  try {
    if (npm?.endsWith(".js")) execFileSync(process.execPath, [npm, ...args], { stdio: "pipe" });
    else execFileSync("npm", args, { stdio: "pipe" });
    renameSync(fresh, folder);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    // Another test file was faster: its folder is as good as ours.
    if (!existsSync(folder)) throw new Error(`cannot install OpenCode ${version} for the tests`, { cause: error });
  }
}
