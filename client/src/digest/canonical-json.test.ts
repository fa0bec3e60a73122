import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "./canonical-json.ts";

describe("canonicalJson writes", () => {
  const vectors: [name: string, value: unknown, json: string][] = [
    ["null", null, "null"],
    ["booleans", [true, false], "[true,false]"],
    ["an empty object and an empty list", { a: {}, b: [] }, '{"a":{},"b":[]}'],
    [
      "keys sorted at every level",
      { b: { d: 1, c: 2 }, a: [{ z: 1, y: 2 }] },
      '{"a":[{"y":2,"z":1}],"b":{"c":2,"d":1}}',
    ],
    ["the order of a list as it is", [3, 1, 2], "[3,1,2]"],
    ["numeric keys as texts", { 10: "a", 9: "b", 1: "c" }, '{"1":"c","10":"a","9":"b"}'],
    ["upper case before lower case", { a: 1, B: 2 }, '{"B":2,"a":1}'],
    [
      "keys by UTF-16 code units, so an emoji before a full-width letter",
      { ｆ: 1, "😀": 2, é: 3, z: 4 },
      '{"z":4,"é":3,"😀":2,"ｆ":1}',
    ],
    ["an empty key first", { a: 1, "": 2 }, '{"":2,"a":1}'],
    ["no member that is absent", { a: undefined, b: 1 }, '{"b":1}'],
    ["null members, because null is data", { a: null }, '{"a":null}'],
    ["one zero only", [-0, 0], "[0,0]"],
    [
      "numbers as JavaScript does",
      [1e21, 1e-7, 0.1, 9007199254740991, 1.5e300],
      "[1e+21,1e-7,0.1,9007199254740991,1.5e+300]",
    ],
    ["text with escapes only where JSON needs them", 'a"\\/\n\u0007\u2028é', '"a\\"\\\\/\\n\\u0007\u2028é"'],
    ["a lone surrogate as an escape", "\ud800", '"\\ud800"'],
    ["an object without prototype", Object.assign(Object.create(null), { a: 1 }), '{"a":1}'],
    ["a key that looks like the prototype", JSON.parse('{"__proto__":{"b":1},"a":2}'), '{"__proto__":{"b":1},"a":2}'],
  ];
  test.each(vectors)("%s", (_name, value, json) => {
    expect(canonicalJson(value)).toBe(json);
  });
});

describe("canonicalJson refuses, and names the place of,", () => {
  const refused: [name: string, value: unknown, message: string][] = [
    ["Infinity", { a: [1, Number.POSITIVE_INFINITY] }, "$.a[1]: JSON has no number Infinity"],
    ["NaN", Number.NaN, "$: JSON has no number NaN"],
    ["undefined in a list", [undefined], "$[0]: JSON has no undefined"],
    ["a BigInt", { a: 1n }, "$.a: JSON has no bigint"],
    ["a function", { a: { b: () => 1 } }, "$.a.b: JSON has no function"],
    ["a Date", { at: new Date(0) }, "$.at: not a plain object"],
    ["a Map", new Map(), "$: not a plain object"],
  ];
  test.each(refused)("%s", (_name, value, message) => {
    expect(() => canonicalJson(value)).toThrow(new TypeError(message));
  });
});

test("canonicalJson says the same as JSON, whatever the order of the keys", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const json = canonicalJson(value);
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(canonicalJson(reversed(value))).toBe(json);
    }),
  );
});

test("canonicalJson writes a content of the greatest depth that travels", () => {
  let value: unknown = 1;
  for (let depth = 0; depth < 1000; depth++) value = depth % 2 ? [value] : { a: value };
  expect(canonicalJson(value)).toBe(JSON.stringify(value));
});

function reversed(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(reversed);
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  );
}
