/** Token figures as records hold them; 0 means none or not said. */
export interface TokenFigures {
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly tokensInput: number;
  readonly tokensCacheRead: number;
  readonly tokensCacheWrite: number;
  readonly tokensOutput: number;
  readonly tokensReasoning: number;
}

/** All tokens of a record: everything read and everything written. 0 when it says nothing. */
export function totalTokens(tokens: TokenFigures): number {
  return inputTokens(tokens) + outputTokens(tokens);
}

/** Everything that the model read, cache included. */
export function inputTokens(tokens: TokenFigures): number {
  return Math.max(tokens.promptTokens, tokens.tokensInput + tokens.tokensCacheRead + tokens.tokensCacheWrite);
}

/** Everything that the model wrote, reasoning included. */
export function outputTokens(tokens: TokenFigures): number {
  return Math.max(tokens.completionTokens, tokens.tokensOutput);
}

/** The kinds of tokens that a record names, in words and without the empty ones, largest picture first. */
export function tokenKinds(tokens: TokenFigures): readonly { readonly name: string; readonly count: number }[] {
  const kinds = [
    { name: "input", count: tokens.tokensInput },
    { name: "cache read", count: tokens.tokensCacheRead },
    { name: "cache write", count: tokens.tokensCacheWrite },
    { name: "output", count: outputTokens(tokens) },
    { name: "of it reasoning", count: tokens.tokensReasoning },
  ];
  const isSplit = tokens.tokensInput + tokens.tokensCacheRead + tokens.tokensCacheWrite > 0;
  const named = isSplit ? kinds : [{ name: "input", count: inputTokens(tokens) }, ...kinds.slice(3)];
  return named.filter(({ count }) => count > 0);
}
