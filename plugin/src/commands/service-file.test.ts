import { parse } from "plist";
import { expect, test } from "vitest";
import { launchdPlist, type Service, systemdUnit } from "./service-file.ts";

const service: Service = {
  command: ["/opt/node 24/$new/bin/node", "/home/you/100%/$HOME/cli.js", "watch"],
  env: { OPENSYNC_HOME: "/home/you/<sync> & more", XDG_DATA_HOME: "/data/$x/100%" },
};

/** Names of folders in which somebody may have Node, or a home. */
const ODD_NAMES = [
  "a b",
  "100%n",
  "$HOME",
  '"quoted"',
  "o'brien",
  "back\\slash",
  "semi;colon",
  "<&>",
  "größe-目录",
  "k=v",
];

test("a unit for systemd quotes what systemd would take apart", () => {
  const { text, install } = systemdUnit(service);
  expect(text).toBe(`[Unit]
Description=OpenSync: sync coding-agent sessions to your server

[Service]
ExecStart="/opt/node 24/$new/bin/node" /home/you/100%%/$$HOME/cli.js watch
Environment="OPENSYNC_HOME=/home/you/<sync> & more"
Environment=XDG_DATA_HOME=/data/$x/100%%
Restart=on-failure
RestartSec=10
RestartPreventExitStatus=4
Nice=10
MemoryMax=300M

[Install]
WantedBy=default.target`);
  expect(install).toEqual([
    "mkdir -p ~/.config/systemd/user && opencode-sync watch --print-service > ~/.config/systemd/user/opencode-sync.service",
    "systemctl --user daemon-reload && systemctl --user enable --now opencode-sync",
  ]);
});

test("a property list for launchd says the same to its parser, whatever the paths are", () => {
  const command: Service["command"] = ["/opt/node", ...ODD_NAMES.map((name) => `/home/${name}/cli.js`), "watch"];
  const env = Object.fromEntries(ODD_NAMES.map((name, index) => [`NAME_${index}`, `/data/${name}`]));
  const { text, install } = launchdPlist({ command, env });
  expect(parse(text)).toEqual({
    Label: "opencode-sync",
    ProgramArguments: command,
    EnvironmentVariables: env,
    RunAtLoad: true,
    KeepAlive: { SuccessfulExit: false },
    ProcessType: "Background",
  });
  expect(install.at(-1)).toBe("launchctl bootstrap gui/$(id -u) ~/Library/LaunchAgents/opencode-sync.plist");
  expect(parse(launchdPlist({ command, env: {} }).text)).not.toHaveProperty("EnvironmentVariables");
});
