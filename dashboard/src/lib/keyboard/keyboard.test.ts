import { describe, expect, test } from "vitest";
import { actionForKeys, actionIds, actions } from "./actions.ts";
import { EMPTY_BUFFER, nextKey } from "./key-sequence.ts";

const bindings = ["j", "g s", "g g", "?"];

/** Types keys at given times and lists what matched. */
function type(...keys: [key: string, atMs: number][]): string[] {
  let buffer = EMPTY_BUFFER;
  return keys.flatMap(([key, atMs]) => {
    const next = nextKey(buffer, key, atMs, bindings);
    buffer = next.buffer;
    return next.match === undefined ? [] : [next.match];
  });
}

describe("key sequences", () => {
  test.each<{ name: string; keys: [string, number][]; matches: string[] }>([
    { name: "one key", keys: [["j", 1]], matches: ["j"] },
    {
      name: "two keys",
      keys: [
        ["g", 1],
        ["s", 500],
      ],
      matches: ["g s"],
    },
    {
      name: "the same key twice",
      keys: [
        ["g", 1],
        ["g", 2],
      ],
      matches: ["g g"],
    },
    {
      name: "the second too late",
      keys: [
        ["g", 1],
        ["s", 1_500],
      ],
      matches: [],
    },
    {
      name: "a key that does not continue counts for itself",
      keys: [
        ["g", 1],
        ["j", 2],
      ],
      matches: ["j"],
    },
    {
      name: "an unknown key ends a sequence",
      keys: [
        ["g", 1],
        ["x", 2],
        ["s", 3],
      ],
      matches: [],
    },
    {
      name: "after a match all is new",
      keys: [
        ["j", 1],
        ["j", 2],
      ],
      matches: ["j", "j"],
    },
  ])("$name", ({ keys, matches }) => {
    expect(type(...keys)).toEqual(matches);
  });
});

describe("the table of actions", () => {
  test("no two actions have one key, and none hides another's first key", () => {
    const keys = actionIds.map((id) => actions[id].keys);
    expect(new Set(keys).size).toBe(keys.length);
    const hidden = keys.filter((one) => keys.some((other) => other !== one && other.startsWith(`${one} `)));
    expect(hidden).toEqual([]);
  });

  test("an action is found by its keys", () => {
    expect(actionForKeys("g ,")).toBe("goToSettings");
    expect(actionForKeys("z")).toBeUndefined();
  });
});
