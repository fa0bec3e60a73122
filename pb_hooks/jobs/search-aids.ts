import { currentApp, describe } from "../lib/vm.ts";
import { updateSearchAids } from "../search/aids.ts";

/** Every minute: notes the times and names of the messages that arrived. */
export function runSearchJob(): void {
  const app = currentApp();
  try {
    updateSearchAids(app);
  } catch (cause) {
    app
      .logger()
      .error("What search knows of new messages could not be updated; the next run goes on.", "cause", describe(cause));
  }
}
