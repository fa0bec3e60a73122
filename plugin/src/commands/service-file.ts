/** What a service runs, and where it finds what it needs. */
export type Service = {
  /** Absolute path of the runtime. */
  readonly runtime: string;
  /** Absolute path of the program. */
  readonly program: string;
  /** Variables that say where stores and settings are; never a key. */
  readonly env: Readonly<Record<string, string>>;
};

/** A file that lets the system start `watch` at sign-in and again when it fails, and how to install it. */
export type ServiceFile = { readonly text: string; readonly install: string };

/** A user's unit for systemd. @source systemd.service(5), systemd.syntax(7) */
export function systemdUnit({ runtime, program, env }: Service): ServiceFile {
  const text = [
    "[Unit]",
    "Description=OpenSync: sync coding-agent sessions to your server",
    "",
    "[Service]",
    `ExecStart=${quoted(runtime)} ${quoted(program)} watch`,
    ...Object.entries(env).map(([name, value]) => `Environment=${quoted(`${name}=${value}`)}`),
    "Restart=on-failure",
    "RestartSec=10",
    "Nice=10",
    "MemoryMax=300M",
    "",
    "[Install]",
    "WantedBy=default.target",
  ].join("\n");
  const file = "~/.config/systemd/user/opencode-sync.service";
  return { text, install: `Save it as ${file}, then run: systemctl --user enable --now opencode-sync` };
}

/** An agent for launchd of macOS. @source launchd.plist(5) */
export function launchdPlist({ runtime, program, env }: Service): ServiceFile {
  const strings = [runtime, program, "watch"].map((text) => `    <string>${escaped(text)}</string>`);
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
  return { text, install: `Save it as ${file}, then run: launchctl bootstrap gui/$(id -u) ${file}` };
}

/** systemd expands `%` and `$`, and ends a word at a space. */
function quoted(text: string): string {
  const safe = text.replaceAll("%", "%%").replaceAll("$", "$$$$").replace(/["\\]/g, "\\$&");
  return /[\s"'\\;]/.test(text) ? `"${safe}"` : safe;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
