/** What a service runs, and where it finds what it needs. */
export type Service = {
  /** The runtime, its own options, the program and its arguments; the first one an absolute path. */
  readonly command: readonly [runtime: string, ...rest: string[]];
  /** Variables that say where stores and settings are, and which way the server is reached; never a secret. */
  readonly env: Readonly<Record<string, string>>;
};

/** A file that lets the system start `watch` at sign-in and again when it fails, and the commands that install it. */
export type ServiceFile = { readonly text: string; readonly install: readonly string[] };

/** What prints the file, in the commands that install it. */
const PRINT = "opencode-sync watch --print-service";

/** A user's unit for systemd. @source systemd.service(5), systemd.syntax(7), tried with systemd 252 */
export function systemdUnit({ command: [runtime, ...rest], env }: Service): ServiceFile {
  const text = [
    "[Unit]",
    "Description=OpenSync: sync coding-agent sessions to your server",
    "",
    "[Service]",
    `ExecStart=${[executable(runtime), ...rest.map(argument)].join(" ")}`,
    ...Object.entries(env).map(([name, value]) => `Environment=${word(`${name}=${value}`)}`),
    "Restart=on-failure",
    "RestartSec=10",
    // Signed out: only a person can change that.
    "RestartPreventExitStatus=4",
    "Nice=10",
    "MemoryMax=300M",
    "",
    "[Install]",
    "WantedBy=default.target",
  ].join("\n");
  const folder = "~/.config/systemd/user";
  return {
    text,
    install: [
      `mkdir -p ${folder} && ${PRINT} > ${folder}/opencode-sync.service`,
      "systemctl --user daemon-reload && systemctl --user enable --now opencode-sync",
    ],
  };
}

/** An agent for launchd of macOS. @source launchd.plist(5) */
export function launchdPlist({ command, env }: Service): ServiceFile {
  const strings = command.map((text) => `    <string>${escaped(text)}</string>`);
  const variables = Object.entries(env).map(
    ([name, value]) => `    <key>${escaped(name)}</key><string>${escaped(value)}</string>`,
  );
  const text = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0">',
    "<dict>",
    "  <key>Label</key><string>opencode-sync</string>",
    "  <key>ProgramArguments</key>",
    "  <array>",
    ...strings,
    "  </array>",
    ...(variables.length === 0 ? [] : ["  <key>EnvironmentVariables</key>", "  <dict>", ...variables, "  </dict>"]),
    "  <key>RunAtLoad</key><true/>",
    "  <key>KeepAlive</key><dict><key>SuccessfulExit</key><false/></dict>",
    "  <key>ProcessType</key><string>Background</string>",
    "</dict>",
    "</plist>",
  ].join("\n");
  const file = "~/Library/LaunchAgents/opencode-sync.plist";
  return {
    text,
    install: [`mkdir -p ~/Library/LaunchAgents && ${PRINT} > ${file}`, `launchctl bootstrap gui/$(id -u) ${file}`],
  };
}

/** The program itself is never a variable, so `$` stands for itself there; but systemd refuses quotes in its path. */
function executable(path: string): string {
  return /["'\\]/.test(path) ? `/usr/bin/env ${argument(path)}` : word(path);
}

function argument(text: string): string {
  return word(text.replaceAll("$", "$$$$"));
}

/** One word for systemd, which expands `%` everywhere, ends a word at a space, and the line at the end of a line. */
function word(text: string): string {
  const safe = text.replaceAll("%", "%%").replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n");
  return /[\s"'\\;]/.test(text) ? `"${safe}"` : safe;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
