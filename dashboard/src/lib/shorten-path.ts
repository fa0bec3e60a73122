/**
 * A path that fits: its beginning and its end, with an ellipsis for the folders between.
 * @param maxLength in characters; the last segment is kept whole even if it is longer
 */
export function shortenPath(path: string, maxLength: number): string {
  if (path.length <= maxLength) return path;
  const segments = path.split("/");
  const [first = ""] = segments;
  const tail: string[] = [];
  let length = first.length + 2;
  for (const segment of segments.slice(1).reverse()) {
    if (tail.length > 0 && length + segment.length + 1 > maxLength) break;
    tail.unshift(segment);
    length += segment.length + 1;
  }
  return [first, "…", ...tail].join("/");
}
