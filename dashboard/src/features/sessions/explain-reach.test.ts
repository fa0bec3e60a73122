import { expect, test } from "vitest";
import { formatExact } from "../../lib/format-time.ts";
import { explainReach } from "./explain-reach.ts";

const TIME = Date.UTC(2026, 5, 1);

test.each([
  { exactness: { isExact: true, matches: 12, ignored: [] }, says: "" },
  { exactness: { isExact: false, matches: 5_437, ignored: [] }, says: "among the newest 5,437 matches" },
  {
    exactness: { isExact: false, matches: 5_437, searchedBackTo: TIME, ignored: [] },
    says: `among the newest 5,437 matches, back to ${formatExact(TIME)}`,
  },
  { exactness: { isExact: true, ignored: ["one", "two"] }, says: "without one two: too many words" },
])("the count says: $says", ({ exactness, says }) => {
  expect(explainReach(exactness)).toBe(says);
});
