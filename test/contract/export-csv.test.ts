import { describe, expect, test } from "vitest";
import { download, EXPORT_TIME, storeSession } from "../support/exports.ts";
import { push } from "../support/push.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";

const server = sharedServer();
const ann = sharedAccount(server, { scope: "full" });

const get = (path: string) => download(server, ann, path);

/** Reads CSV as RFC 4180 has it. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)?.push(quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'));
    if (end === "\r\n") rows.push([]);
  }
  return rows.slice(0, -1);
}

describe("many sessions as CSV", () => {
  test("have the first version's columns, every cell as it was, and no formula", async () => {
    await storeSession(server, ann, {
      externalId: "csv-1",
      title: '=HYPERLINK("https://evil.example.com","x")',
      projectName: "a,b",
      cost: 0.1234567,
      costSource: "reported",
      source: "csv",
      device: "-desk",
    });
    await storeSession(server, ann, {
      externalId: "csv-2",
      title: 'two\nlines "and" quotes',
      source: "csv",
      durationMs: 61_000,
      createdAt: EXPORT_TIME + 1,
    });
    const { headers, text } = await get("/api/export/csv?agent=csv");
    expect(headers.get("Content-Type")).toBe("text/csv; charset=utf-8");
    expect(headers.get("Content-Disposition")).toMatch(
      /^attachment; filename="opensync_sessions_\d{4}-\d\d-\d\d\.csv"$/,
    );
    expect(text.split("\r\n")[0]).toMatch(
      /^Session ID,External ID,Source,Title,Project Name,Project Path,Model,Provider,Prompt Tokens,Completion Tokens,Total Tokens,Cost,Duration \(ms\),Message Count,Is Public,Public Slug,Created At,Updated At(?:,[A-Z][A-Za-z ]+)*$/,
    );
    const [names = [], ...rows] = parseCsv(text);
    const cells = rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]])));
    expect(rows.every((row) => row.length === names.length)).toBe(true);
    expect(cells).toMatchObject([
      {
        ...{ "External ID": "csv-2", Title: 'two\nlines "and" quotes', Cost: "", "Duration (ms)": "61000" },
        "Created At": "2026-09-21T14:13:20Z",
      },
      {
        ...{ "External ID": "csv-1", Title: `'=HYPERLINK("https://evil.example.com","x")`, "Project Name": "a,b" },
        ...{ Cost: "0.123457", "Duration (ms)": "", "Is Public": "false", Device: "'-desk" },
      },
    ]);
  });

  test.for(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])("a title of %j is text", async (title) => {
    const source = `formula-${title.charCodeAt(0)}`;
    await storeSession(server, ann, { externalId: source, title, source });
    const [, row] = parseCsv((await get(`/api/export/csv?agent=${source}`)).text);
    expect(row?.[3]).toBe(`'${title}`);
  });

  test("come all of them, in pages that nobody sees, and by filter", async () => {
    const count = 1_203;
    const sessions = Array.from({ length: count }, (_, index) => ({
      externalId: `many-${index}`,
      source: "many",
      createdAt: EXPORT_TIME + (index % 5),
    }));
    await push(server, ann.key, { sessions });
    const rows = parseCsv((await get("/api/export/csv?agent=many")).text).slice(1);
    expect(new Set(rows.map((row) => row[1])).size).toBe(count);
    expect(rows).toHaveLength(count);
    expect(parseCsv((await get("/api/export/csv?agent=nobody")).text)).toHaveLength(1);
    expect((await get("/api/export/csv?minCost=x")).status).toBe(400);
  });
});
