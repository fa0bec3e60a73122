import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { findChromium } from "../../scripts/find-programs.mjs";
import { inRoot } from "../../scripts/paths.mjs";

/** Sizes that screens are looked at in. */
const viewports = {
  desktop: { width: 1360, height: 850 },
  mobile: { width: 390, height: 844 },
} as const;

interface PageOptions {
  viewport?: keyof typeof viewports;
  theme?: "light" | "dark";
}

/** What went wrong in a page without anybody asking. All empty in a page that is well. */
interface Problems {
  readonly consoleErrors: string[];
  /** Violations of the content security policy, those that a library caught included. */
  readonly policyViolations: string[];
  /** Addresses of other origins that the page asked for. */
  readonly foreignRequests: string[];
}

/** A tab of a browser profile of its own. */
export interface TestPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Everything that went wrong since the tab was opened. */
  readonly problems: Problems;
  /** Serious and critical findings of axe on what is shown now, one line each. */
  accessibilityProblems(): Promise<string[]>;
  /** Keeps what is shown now as `build/screenshots/<name>.png`. */
  screenshot(name: string): Promise<void>;
  close(): Promise<void>;
}

/** A real Chromium. */
export interface TestBrowser {
  /** Opens a tab with its own storage on the server. */
  open(serverUrl: string, options?: PageOptions): Promise<TestPage>;
  close(): Promise<void>;
}

/** Starts Chromium without a window. */
export async function startBrowser(): Promise<TestBrowser> {
  const executablePath = findChromium();
  if (executablePath === undefined)
    throw new Error("there is no Chromium: install it, or set CHROMIUM_BIN to its path");
  const browser = await chromium.launch({ executablePath });
  return { open: (serverUrl, options = {}) => openPage(browser, serverUrl, options), close: () => browser.close() };
}

async function openPage(browser: Browser, serverUrl: string, options: PageOptions): Promise<TestPage> {
  const viewport = options.viewport ?? "desktop";
  const context = await browser.newContext({
    baseURL: serverUrl,
    viewport: viewports[viewport],
    colorScheme: options.theme ?? "light",
    reducedMotion: "reduce",
    hasTouch: viewport === "mobile",
    isMobile: viewport === "mobile",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  // Nothing waits this long on any machine unless something is wrong.
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  await slowDown(page);
  const problems = await watch(page, new URL(serverUrl).origin);
  return {
    page,
    context,
    problems,
    close: () => context.close(),
    accessibilityProblems: async () => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      return violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ""}`));
    },
    screenshot: async (name) => {
      const path = inRoot("build", "screenshots", `${name}.png`);
      mkdirSync(dirname(path), { recursive: true });
      await page.screenshot({ path });
    },
  };
}

/** Makes a page as slow as on a busy machine: `SLOW_BROWSER=6` lets its script run at a sixth of the speed. */
async function slowDown(page: Page): Promise<void> {
  const rate = Number(process.env["SLOW_BROWSER"] ?? 1);
  if (rate <= 1) return;
  const devTools = await page.context().newCDPSession(page);
  await devTools.send("Emulation.setCPUThrottlingRate", { rate });
}

async function watch(page: Page, origin: string): Promise<Problems> {
  const problems: Problems = { consoleErrors: [], policyViolations: [], foreignRequests: [] };
  page.on("console", (message) => {
    if (message.type() === "error") problems.consoleErrors.push(message.text());
  });
  page.on("pageerror", (error) => problems.consoleErrors.push(String(error)));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !/^(data|blob|about):/.test(url)) problems.foreignRequests.push(url);
  });
  await page.exposeFunction("reportPolicyViolation", (text: string) => problems.policyViolations.push(text));
  // From before the page loads: a violation that a library catches (zod's probe of eval) never reaches the console.
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const report: unknown = Reflect.get(window, "reportPolicyViolation");
      const text = `${event.violatedDirective} ${event.blockedURI} ${event.sourceFile ?? ""} ${event.sample}`;
      if (typeof report === "function") report(text);
    });
  });
  return problems;
}
