import { createServer } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { ensureFree, localUrl } from "./listen-address.mjs";

describe("the address to open", () => {
  test.each([
    ["127.0.0.1:8090", "http://127.0.0.1:8090"],
    ["localhost:80", "http://localhost:80"],
    ["192.168.1.20:8090", "http://192.168.1.20:8090"],
    ["0.0.0.0:8090", "http://127.0.0.1:8090"],
    [":8090", "http://127.0.0.1:8090"],
    ["[::]:8090", "http://127.0.0.1:8090"],
    ["[::1]:8090", "http://[::1]:8090"],
  ])("of a server on %s is %s", (http, url) => {
    expect(localUrl(http)).toBe(url);
  });

  test.each(["8090", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "http://127.0.0.1:8090", "::1:8090"])(
    "%s is no address to listen on",
    (http) => {
      expect(() => localUrl(http)).toThrow(`OPENSYNC_HTTP is "${http}"`);
    },
  );
});

describe("an address to listen on", () => {
  // It takes what it is sent and says nothing.
  const holder = createServer((socket) => socket.on("error", () => {}).resume());
  afterEach(() => void holder.close());

  test("that is taken is refused with what to do, and can be taken once it is free", async () => {
    await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve));
    const address = holder.address();
    const http = `127.0.0.1:${address !== null && typeof address === "object" ? address.port : 0}`;
    await expect(ensureFree(http)).rejects.toMatchObject({
      message: expect.stringContaining(`Something else listens on ${http} already`),
      hint: expect.stringContaining("OPENSYNC_HTTP=127.0.0.1:8091 npm start"),
    });
    await new Promise((resolve) => holder.close(resolve));
    await ensureFree(http);
    await ensureFree(http);
  });

  test("of another machine is refused", async () => {
    await expect(ensureFree("192.0.2.1:8090")).rejects.toMatchObject({
      message: expect.stringContaining("OpenSync cannot listen on 192.0.2.1:8090"),
      hint: expect.stringContaining("Set OPENSYNC_HTTP to an address of this machine"),
    });
  });
});
