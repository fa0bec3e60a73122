import { describe, expect, test } from "vitest";
import { InvalidUrlError } from "./errors/invalid-url-error.ts";
import { isConvexUrl, isInsecureUrl, normalizeUrl } from "./url.ts";

describe("normalizeUrl makes", () => {
  test.each([
    ["http://127.0.0.1:8090", "http://127.0.0.1:8090"],
    ["  https://box.example.com/  ", "https://box.example.com"],
    ["https://box.example.com///", "https://box.example.com"],
    ["HTTPS://Box.Example.COM:443", "https://box.example.com"],
    ["https://example.com/opensync/", "https://example.com/opensync"],
    ["https://happy-otter-123.convex.cloud", "https://happy-otter-123.convex.site"],
    ["https://happy-otter-123.convex.site/", "https://happy-otter-123.convex.site"],
    ["https://convex.cloud.example.com", "https://convex.cloud.example.com"],
    ["http://[::1]:8090/", "http://[::1]:8090"],
    ["https://bücher.example", "https://xn--bcher-kva.example"],
  ])("%j into %j", (input, url) => {
    expect(normalizeUrl(input)).toBe(url);
  });
});

describe("normalizeUrl refuses", () => {
  test.each([
    [""],
    ["box.example.com"],
    ["localhost:8090"],
    ["ftp://box.example.com"],
    ["file:///etc/passwd"],
    ["javascript:alert(1)"],
    ["http://"],
    ["http://exa mple.com"],
    ["https://ann:hunter2@box.example.com"],
    ["https://hunter2@box.example.com"],
    ["https://box.example.com/?token=hunter2"],
    ["http://127.0.0.1:8090/setup#token=hunter2"],
  ])("%j, without repeating what it holds", (input) => {
    const error = thrown(() => normalizeUrl(input));
    expect(error).toBeInstanceOf(InvalidUrlError);
    expect(error).toMatchObject({ kind: "invalid-url", retryable: false });
    expect(`${error.message} ${error.hint}`).not.toContain("hunter2");
  });
});

describe("isInsecureUrl: keys would travel readable", () => {
  test.each([
    ["http://192.168.1.5:8090", true],
    ["http://box.local", true],
    ["http://localhost.example.com", true],
    ["http://127.0.0.1.example.com", true],
    ["https://box.example.com", false],
    ["http://localhost:8090", false],
    ["http://opensync.localhost", false],
    ["http://127.0.0.1:8090", false],
    ["http://127.8.9.1", false],
    ["http://[::1]:8090", false],
  ])("%s: %s", (url, insecure) => {
    expect(isInsecureUrl(normalizeUrl(url))).toBe(insecure);
  });
});

test("only an address on Convex is a v1 server", () => {
  expect(isConvexUrl(normalizeUrl("https://x.convex.cloud"))).toBe(true);
  expect(isConvexUrl(normalizeUrl("https://box.example.com/convex.site"))).toBe(false);
});

function thrown(call: () => unknown): InvalidUrlError {
  try {
    call();
  } catch (error) {
    if (error instanceof InvalidUrlError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
