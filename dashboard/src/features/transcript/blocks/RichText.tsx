import { memo } from "react";
import Markdown, { type Components } from "react-markdown";
import rehypeSanitize from "rehype-sanitize";
import remarkGfm from "remark-gfm";
import { reachable } from "../../../ui/reachable.ts";
import { FoldableText } from "./FoldableText.tsx";
import { useHighlighter } from "./highlighter.ts";
import { htmlAsText } from "./html-as-text.ts";

/** Above this many characters Markdown and colours take longer than a frame or two; plain text is always readable. */
const MAX_RICH_CHARACTERS = 60_000;

const LINK_REL = "noopener noreferrer nofollow";

/**
 * Elements of hostile Markdown as we show them: links leave without telling where from, images are links, since loading
 * one would tell its server who reads what and when.
 */
const components: Components = {
  a: ({ href, children }) => (
    <a href={href} target="_blank" rel={LINK_REL}>
      {children}
    </a>
  ),
  img: ({ src, alt }) => (
    <a href={typeof src === "string" ? src : undefined} target="_blank" rel={LINK_REL}>
      [image{alt ? `: ${alt}` : ""}]
    </a>
  ),
  input: ({ checked }) => (
    <input type="checkbox" checked={checked === true} disabled aria-label={checked ? "done" : "to do"} />
  ),
  // Wide blocks scroll by themselves; the focus lets a keyboard scroll them.
  pre: ({ children }) => <pre {...reachable}>{children}</pre>,
  table: ({ children }) => (
    <section className="table-scroller" {...reachable} aria-label="Table">
      <table>{children}</table>
    </section>
  ),
  // A message is a section below the page's own headings, whatever rank its author gave.
  h1: ({ children }) => <h3 className="rank-1">{children}</h3>,
  h2: ({ children }) => <h4 className="rank-2">{children}</h4>,
  h3: ({ children }) => <h5 className="rank-3">{children}</h5>,
  h4: ({ children }) => <h6 className="rank-3">{children}</h6>,
  h5: ({ children }) => <h6 className="rank-3">{children}</h6>,
};

/** Markdown from a session: GitHub's flavour, sanitised, code highlighted. HTML in it is shown as text. */
export const RichText = memo(function RichText({ text }: { text: string }) {
  const highlighting = useHighlighter(text.includes("```") || text.includes("~~~"));
  if (text.length > MAX_RICH_CHARACTERS) return <FoldableText id={text.slice(0, 80)} text={text} />;
  return (
    <div className="rich-text">
      <Markdown
        remarkPlugins={[remarkGfm]}
        // Sanitised first: what the highlighter adds afterwards is ours.
        rehypePlugins={[htmlAsText, rehypeSanitize, ...highlighting]}
        components={components}
      >
        {text}
      </Markdown>
    </div>
  );
});
