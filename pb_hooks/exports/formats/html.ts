import { messageBlocks } from "../blocks.ts";
import { FACTS, isoTime, joined, quoted, type SessionFormat, TITLE } from "./session-format.ts";

/** Text as it may stand in HTML, in an element or in quotes. */
const escaped = (text: string) =>
  `replace(replace(replace(replace(${text}, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;')`;

const element = (tag: string, className: string, text: string) =>
  `'<${tag} class="${className}">' || ${escaped(text)} || '</${tag}>'`;

/** Nothing is loaded and nothing runs, wherever the file is opened. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

const STYLE = `:root{color-scheme:light dark;--ink:#1c1c1c;--muted:#6b6b6b;--paper:#fff;--card:#f5f5f4;--line:#ddd}
@media(prefers-color-scheme:dark){:root{--ink:#e7e5e4;--muted:#a8a29e;--paper:#171717;--card:#232323;--line:#3f3f3f}}
body{font:15px/1.55 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:52rem;margin:0 auto;padding:2rem 1rem}
h1{font-size:1.4rem;overflow-wrap:anywhere}dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;margin:0 0 2rem}
dt,h2,summary,.time{color:var(--muted)}dd{margin:0;overflow-wrap:anywhere}h2{font-size:.85rem;margin:0 0 .4rem}.time{font-weight:400}
article{border-top:1px solid var(--line);padding:1rem 0}.user{border-left:3px solid var(--muted);padding-left:1rem}
p,pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:.4rem 0}pre{background:var(--card);padding:.6rem;font-size:.85rem}.thinking{color:var(--muted);font-style:italic}
details{margin:.4rem 0}summary{cursor:pointer}`;

const facts = FACTS.map(
  ([label, value]) => `coalesce('<dt>${label}</dt><dd>' || nullif(${escaped(value)}, '') || '</dd>', '')`,
);

const folded = (summary: string, text: string) =>
  `'<details><summary>' || ${escaped(summary)} || '</summary>' || ${element("pre", "data", text)} || '</details>'`;

/** One file that needs nothing else: no script, no image, no font, in the colours of the reader's system. */
export const HTML: SessionFormat = {
  contentType: "text/html; charset=utf-8",
  ending: "html",
  headers: { "Content-Security-Policy": `${POLICY}; sandbox` },
  head: joined(
    quoted(
      `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">`,
    ),
    quoted(`<meta http-equiv="Content-Security-Policy" content="${POLICY}"><title>`),
    escaped(TITLE),
    quoted(`</title>\n<style>${STYLE}</style></head>\n<body><h1>`),
    escaped(TITLE),
    quoted("</h1>\n<dl>"),
    ...facts,
    quoted("</dl>\n"),
  ),
  message: joined(
    `'<article class="' || ${escaped("m.role")} || '"><h2>' || ${escaped("m.role")}`,
    `' <span class="time">' || ${isoTime("m.createdAt")} || '</span></h2>'`,
    messageBlocks({
      text: (text) => element("p", "text", text),
      thinking: (text) => element("p", "thinking", text),
      call: (name, args) => folded(`'Tool: ' || ${name}`, args),
      result: (output) => folded("'Result'", output),
      note: (label, text) => folded(label, text),
    }),
    `iif(m.error IS NULL, '', ${element("p", "error", "(m.error ->> 'name') || ': ' || (m.error ->> 'message')")})`,
    quoted("</article>\n"),
  ),
  foot: quoted("</body></html>\n"),
};
