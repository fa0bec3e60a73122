import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { inRoot, root } from "../../scripts/paths.mjs";

// What the pages for people name must be there: a command that is called otherwise stops a stranger.

const PAGES = globSync(
  ["*.md", "{client,dashboard,deploy,pb_hooks,pb_migrations,plugin,test}/**/*.md", "docs/**/*.md"],
  {
    cwd: root,
    exclude: (name) => name === "node_modules" || name === "dist",
  },
);
const read = (page: string) => readFileSync(inRoot(page), "utf8");
const { scripts } = JSON.parse(read("package.json"));

/** All matches of the pattern's first group, each once. */
const find = (text: string, pattern: RegExp) => [
  ...new Set([...text.matchAll(pattern)].map(([, found]) => found ?? "")),
];

/** The ids under which the headings of a page can be linked, as code hosts make them. */
const anchors = (page: string) =>
  find(read(page), /^#+ (.+)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );

test("the pages are found", () => {
  for (const page of ["README.md", "API.md", "docs/benchmarks.md", "plugin/README.md"]) expect(PAGES).toContain(page);
});

describe.each(PAGES)("%s", (page) => {
  const text = read(page);

  test("links only to what is there", () => {
    const links = find(text, /\]\(([^)\s]+)\)/g).filter((link) => !/^(https?|mailto):/.test(link));
    const broken = links.filter((link) => {
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? page : join(dirname(page), path);
      return !existsSync(inRoot(target)) || (anchor !== undefined && !anchors(target).includes(anchor));
    });
    expect(broken).toEqual([]);
  });

  test("names only scripts and files that exist", () => {
    const named = find(text, /\bnpm run ([a-z:-]+)/g).filter((name) => !(name in scripts));
    const files = find(
      text,
      /(?<![\w/.~:-])((?:scripts|test|tools|docs|deploy|\.ci)\/[\w./-]+\.(?:m?[jt]sx?|md|mod|sum|txt|png))\b/g,
    );
    expect([...named, ...files.filter((file) => !existsSync(inRoot(file)))]).toEqual([]);
  });
});

test("the version in the pages is that of the package", () => {
  const { version } = JSON.parse(read("package.json"));
  const named = PAGES.flatMap((page) => find(read(page), /\/plugin-(\d+\.\d+\.\d+)\.tgz/g));
  expect(new Set(named)).toEqual(new Set([version]));
  expect(read("docker-compose.yml")).toContain(`image: opensync:${version}`);
});
