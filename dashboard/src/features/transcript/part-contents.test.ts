import { expect, test } from "vitest";
import { fileContent } from "./part-contents.ts";

const file = { mime: "image/png", size: 5, sha256: "0" };

test("an image that the message carries is shown from its own data", () => {
  expect(fileContent({ ...file, data: "aGk=" })?.imageSource).toBe("data:image/png;base64,aGk=");
});

test.each([
  { name: "a remote image", content: { ...file, url: "https://tracker.example/a.png" } },
  { name: "an SVG, which can hold scripts", content: { ...file, mime: "image/svg+xml", data: "aGk=" } },
  { name: "data that is not base64", content: { ...file, data: "aGk=,<script>" } },
  { name: "another kind of file", content: { ...file, mime: "text/html", data: "aGk=" } },
])("$name is not shown as an image", ({ content }) => {
  expect(fileContent(content)?.imageSource).toBe("");
});

test.each([
  [{ ...file, filename: "shot.png" }, "shot.png"],
  [{ ...file, url: "file:///tmp/shot.png" }, "file:///tmp/shot.png"],
  [{ ...file, url: "data:image/png;base64,aGk=" }, "attachment"],
  [file, "attachment"],
])("the file %j is called %s", (content, name) => {
  expect(fileContent(content)?.name).toBe(name);
});
