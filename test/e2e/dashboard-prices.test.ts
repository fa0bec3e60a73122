import { afterAll, beforeAll, expect, test } from "vitest";
import {
  expectNoProblems,
  openSignedIn,
  type Site,
  startSite,
  waitUntilListed,
  waitUntilLive,
} from "../support/dashboard.ts";
import { pushAll } from "../support/push.ts";
import { createUser } from "../support/server.ts";

let site: Site;

beforeAll(async () => {
  site = await startSite();
  const shared = { model: "model-of-tomorrow", provider: "somebody", tokens: { input: 1_000_000, output: 0 } };
  const session = { externalId: "s", title: "Costs something", createdAt: Date.now() - 60_000, ...shared };
  const message = { sessionExternalId: "s", externalId: "m", role: "assistant", textContent: "Done.", ...shared };
  await pushAll(site.server, site.key, { sessions: [session], messages: [message] });
});
afterAll(() => site?.stop());

test("a price that the owner sets is on every open page", async () => {
  const owner = await createUser(site.server, { role: "owner" });
  const [row] = site.server.query<{ id: string }>("SELECT id FROM sessions");
  const pages = ["/", `/sessions/${row?.id}`, "/usage"];
  const tabs = [];
  for (const path of pages) tabs.push(await openSignedIn(site, site.user, { path }));
  const [list, transcript, usage] = tabs;
  if (!list || !transcript || !usage) throw new Error("three pages were opened");
  await waitUntilListed(list, 1);
  await transcript.page.getByText("cost unknown").first().waitFor();
  await usage.page.getByRole("region", { name: "Cost", exact: true }).getByText("unknown").first().waitFor();
  for (const tab of tabs) {
    expect(await tab.page.getByText("$3.00").count()).toBe(0);
    await waitUntilLive(tab);
  }
  const answer = await fetch(`${site.server.url}/api/prices/model-of-tomorrow`, {
    method: "PUT",
    headers: { Authorization: owner.token },
    body: JSON.stringify({ input: 3, output: 15 }),
  });
  expect(await answer.json()).toMatchObject({ changed: { sessions: 1, messages: 1 } });
  for (const tab of tabs) {
    await tab.page.getByText("$3.00").first().waitFor();
    expectNoProblems(tab);
  }
});
