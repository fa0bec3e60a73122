/** A node of the tree that Markdown is turned into, as far as this plugin looks at it. */
interface Node {
  type: string;
  children?: Node[];
}

function turnHtmlIntoText(node: Node): void {
  // "raw" is HTML that the author wrote into the Markdown; the sanitiser would drop it without a trace.
  if (node.type === "raw") node.type = "text";
  for (const child of node.children ?? []) turnHtmlIntoText(child);
}

/**
 * Shows HTML in Markdown as the text that it is. Agents write about `<div>` all the time, and what they wrote must not
 * vanish, let alone take effect.
 */
export function htmlAsText(): (tree: Node) => void {
  return turnHtmlIntoText;
}
