import { createRootRoute, createRoute, createRouter, redirect } from "@tanstack/react-router";
import { readSearchAddress } from "../features/search/search-address.ts";
import { readFilters } from "../features/sessions/filters.ts";
import { readPosition } from "../features/transcript/position.ts";
import { readUsageView, type UsageAddress, usageAddress } from "../features/usage/usage-address.ts";
import { lazyScreen } from "./lazy-screen.ts";
import { NotFound } from "./NotFound.tsx";
import { PageError } from "./PageError.tsx";
import { SignedInArea } from "./SignedInArea.tsx";
import { parseSearch, stringifySearch } from "./search-params.ts";

const root = createRootRoute({ errorComponent: PageError, notFoundComponent: NotFound });

const setup = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  component: lazyScreen(() => import("../features/setup/SetupScreen.tsx"), "SetupScreen"),
});

const signedIn = createRoute({ getParentRoute: () => root, id: "signed-in", component: SignedInArea });

const sessions = createRoute({
  getParentRoute: () => signedIn,
  path: "/",
  validateSearch: readFilters,
  component: lazyScreen(() => import("../features/sessions/SessionsScreen.tsx"), "SessionsScreen"),
});

const session = createRoute({
  getParentRoute: () => signedIn,
  path: "/sessions/$sessionId",
  validateSearch: readPosition,
  component: lazyScreen(() => import("../features/transcript/TranscriptScreen.tsx"), "TranscriptScreen"),
});

const settings = createRoute({
  getParentRoute: () => signedIn,
  path: "/settings",
  beforeLoad: () => {
    throw redirect({ to: "/settings/keys", replace: true });
  },
});

const keys = createRoute({
  getParentRoute: () => signedIn,
  path: "/settings/keys",
  component: lazyScreen(() => import("../features/settings/KeysScreen.tsx"), "KeysScreen"),
});

const search = createRoute({
  getParentRoute: () => signedIn,
  path: "/search",
  validateSearch: readSearchAddress,
  component: lazyScreen(() => import("../features/search/SearchScreen.tsx"), "SearchScreen"),
});

const usage = createRoute({
  getParentRoute: () => signedIn,
  path: "/usage",
  validateSearch: (search: Record<string, unknown>): UsageAddress => usageAddress(readUsageView(search)),
  component: lazyScreen(() => import("../features/usage/UsageScreen.tsx"), "UsageScreen"),
});

const trash = createRoute({
  getParentRoute: () => signedIn,
  path: "/trash",
  component: lazyScreen(() => import("../features/trash/TrashScreen.tsx"), "TrashScreen"),
});

const data = createRoute({
  getParentRoute: () => signedIn,
  path: "/settings/data",
  component: lazyScreen(() => import("../features/settings/data/DataScreen.tsx"), "DataScreen"),
});

/** All addresses of the dashboard. Every screen is loaded when it is opened. */
export const router = createRouter({
  routeTree: root.addChildren([
    setup,
    signedIn.addChildren([sessions, session, search, usage, trash, settings, keys, data]),
  ]),
  parseSearch,
  stringifySearch,
  defaultPreload: "intent",
  defaultErrorComponent: PageError,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
