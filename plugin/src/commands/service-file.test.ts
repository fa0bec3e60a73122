import { expect, test } from "vitest";
import { launchdPlist, systemdUnit } from "./service-file.ts";

const service = {
  runtime: "/opt/node 24/bin/node",
  program: "/home/you/100%/cli.js",
  env: { OPENSYNC_HOME: "/home/you/<sync> & more" },
};

test("a unit for systemd quotes what systemd would take apart", () => {
  const { text, install } = systemdUnit(service);
  expect(text).toBe(`[Unit]
Description=OpenSync: sync coding-agent sessions to your server

[Service]
ExecStart="/opt/node 24/bin/node" /home/you/100%%/cli.js watch
Environment="OPENSYNC_HOME=/home/you/<sync> & more"
Restart=on-failure
RestartSec=10
Nice=10
MemoryMax=300M

[Install]
WantedBy=default.target`);
  expect(install).toContain("systemctl --user enable --now opencode-sync");
});

test("a property list for launchd is XML", () => {
  const { text, install } = launchdPlist(service);
  expect(text).toContain("    <string>/opt/node 24/bin/node</string>\n    <string>/home/you/100%/cli.js</string>\n");
  expect(text).toContain("<key>OPENSYNC_HOME</key><string>/home/you/&lt;sync&gt; &amp; more</string>");
  expect(install).toContain("launchctl bootstrap gui/$(id -u)");
  expect(launchdPlist({ ...service, env: {} }).text).not.toContain("EnvironmentVariables");
});
