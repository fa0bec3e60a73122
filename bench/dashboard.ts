import type { Page } from "playwright-core";
import { startBrowser, type TestBrowser } from "../test/support/browser.ts";
import { corpusBatches, corpusSession } from "./corpus.ts";
import type { Row } from "./report.ts";
import { type BenchServer, startBenchServer } from "./server.ts";

const MESSAGES = 10_000;
const OPENINGS = 20;
const SCROLLED_FRAMES = 300;
/** A frame later than this was missed at 60 a second. */
const LATE_FRAME_MS = 32;
const LONG_SESSION = "ses_0";

/** How soon the dashboard can be read and used, and how smoothly it scrolls, in Chromium on this machine. */
export async function measureDashboard(): Promise<Row[]> {
  const server = await startBenchServer();
  try {
    await fill(server);
    const browser = await startBrowser();
    try {
      return await measureIn(browser, server);
    } finally {
      await browser.close();
    }
  } finally {
    await server.stop();
  }
}

/** One session of 10,000 messages, the newest of fifty. */
async function fill(server: BenchServer): Promise<void> {
  const sessions = Array.from({ length: 50 }, (_, index) => corpusSession(index));
  const newest = sessions.map((one) => (one.externalId === LONG_SESSION ? { ...one, updatedAt: Date.now() } : one));
  await server.post("/sync/batch", JSON.stringify({ sessions: newest, messages: [] }));
  for (const batch of corpusBatches(0, MESSAGES, 500)) {
    const messages = batch.map((message) => ({ ...message, sessionExternalId: LONG_SESSION }));
    await server.post("/sync/batch", JSON.stringify({ sessions: [], messages }));
  }
}

async function measureIn(browser: TestBrowser, server: BenchServer): Promise<Row[]> {
  const { page, problems } = await browser.open(server.process.url);
  // tsx passes every function through a helper that the page does not have.
  await page.addInitScript("globalThis.__name = (value) => value");
  await page.addInitScript(noteWhenShown, { row: "[data-row-link]", message: "article" });
  await page.goto("/");
  await page.getByLabel("E-mail").fill(server.email);
  await page.getByLabel("Password").fill(server.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.locator("[data-row-link]").first().waitFor();

  const loads: number[] = [];
  const openings: number[] = [];
  const addresses: number[] = [];
  for (let opening = 0; opening < OPENINGS; opening += 1) {
    await page.goto("/");
    loads.push(await whenShown(page, "row"));
    openings.push(await openFromList(page));
    const address = page.url();
    await page.goto("about:blank");
    await page.goto(address);
    addresses.push(await whenShown(page, "message"));
  }
  const frames = await scrollUp(page);
  if (problems.consoleErrors.length > 0) throw new Error(`the page reported ${problems.consoleErrors.join("; ")}`);
  const late = frames.filter((ms) => ms > LATE_FRAME_MS).length;
  return [
    { what: "dashboard, from its address to a list that can be used, p50 / p95", ...times(loads, "< 1,000 ms") },
    {
      what: "a session of 10,000 messages, from a click to its last screen, p50 / p95",
      ...times(openings, "< 300 ms"),
    },
    { what: "the same session, from its address, p50 / p95", ...times(addresses, "< 1,000 ms") },
    {
      what: `scrolling up in it by 120 px a frame, frames over ${LATE_FRAME_MS} ms / slowest`,
      result: `${late} of ${frames.length} / ${Math.max(...frames).toFixed(0)} ms`,
      budget: "0",
    },
  ];
}

/** In the page, before anything else runs: notes when the first element of each kind has been painted. */
function noteWhenShown(selectors: Readonly<Record<string, string>>): void {
  const shown: Record<string, number> = {};
  Object.assign(window, { shown });
  const look = () => {
    for (const [name, selector] of Object.entries(selectors)) {
      if (shown[name] !== undefined || document.querySelector(selector) === null) continue;
      shown[name] = Number.POSITIVE_INFINITY;
      // The frame that paints it, and then the first task after that frame.
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          shown[name] = performance.now();
        };
        port2.postMessage("painted");
      });
    }
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
}

/** Ms from the beginning of the navigation until the first element of a kind was painted. */
async function whenShown(page: Page, name: string): Promise<number> {
  const handle = await page.waitForFunction((one) => {
    const at: unknown = Reflect.get(Reflect.get(window, "shown"), one);
    return typeof at === "number" && Number.isFinite(at) ? at : null;
  }, name);
  return Number(await handle.jsonValue());
}

/** Clicks the newest session as a person does, who points first. */
async function openFromList(page: Page): Promise<number> {
  const link = page.locator("[data-row-link]").first();
  await link.hover();
  await page.waitForLoadState("networkidle");
  const clickedAt = await link.evaluate((element) => {
    const now = performance.now();
    if (element instanceof HTMLElement) element.click();
    return now;
  });
  return (await whenShown(page, "message")) - clickedAt;
}

/** Ms of each frame while the list goes up by 120 px in every one. */
function scrollUp(page: Page): Promise<number[]> {
  return page.getByRole("region", { name: "Messages" }).evaluate(async (list, count) => {
    const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
    const frames: number[] = [];
    let before = await frame();
    while (frames.length < count) {
      list.scrollBy({ top: -120 });
      const now = await frame();
      frames.push(now - before);
      before = now;
    }
    return frames;
  }, SCROLLED_FRAMES);
}

function times(values: number[], budget: string): Pick<Row, "result" | "budget"> {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? 0;
  return { result: `${at(0.5).toFixed(0)} / ${at(0.95).toFixed(0)} ms`, budget };
}
