const dollars = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" });
const smallAmount = new Intl.NumberFormat("en-US", { maximumFractionDigits: 9 });

/** What a record says about its cost. `costSource` is empty when an old client named none. */
export interface Cost {
  /** USD; 0 may mean that nobody knows. */
  readonly cost: number;
  readonly costSource: string;
  /** Of a session: messages of unknown cost that the figure leaves out. */
  readonly unpricedMessages?: number;
}

/** A figure and what it is worth: the two are always shown together. */
export interface PriceLabel {
  readonly text: string;
  readonly label: "reported" | "computed" | "as sent" | "";
  readonly hint: string;
}

const UNKNOWN: PriceLabel = {
  text: "unknown",
  label: "",
  hint: "Neither the agent nor a price table gave a cost. Unknown is not free.",
};

/**
 * How a cost is shown; `$12.40+` is one that leaves something out. Unknown is never $0.00: a zero counts as a price only where the agent reported it for something
 * without tokens, since an agent that says 0 for tokens has no price for its model (a subscription, an unknown model).
 * @param tokenCount all tokens that the cost is for
 */
export function priceLabel({ cost, costSource, unpricedMessages = 0 }: Cost, tokenCount: number): PriceLabel {
  const isFree = cost === 0 && costSource === "reported" && tokenCount === 0;
  if (costSource === "unknown" || (cost <= 0 && !isFree)) return UNKNOWN;
  const text = unpricedMessages > 0 ? `${formatUsd(cost)}+` : formatUsd(cost);
  switch (costSource) {
    case "reported":
      return { text, label: "reported", hint: `${exactUsd(cost)}, the agent's own figure` };
    case "computed":
      return {
        text,
        label: "computed",
        hint: `${exactUsd(cost)}, from list prices or the sum of messages${leftOut(unpricedMessages)}`,
      };
    default:
      return { text, label: "as sent", hint: `${exactUsd(cost)}, sent by a client that did not say where it is from` };
  }
}

function leftOut(unpricedMessages: number): string {
  return unpricedMessages === 0 ? "" : `, without ${unpricedMessages} of unknown cost`;
}

/** USD with the digits that matter: `$12.40`, `$0.0123`, `<$0.0001`, `$0.00` for exactly nothing. */
export function formatUsd(usd: number): string {
  if (usd === 0) return "$0.00";
  if (usd < 0.0001) return "<$0.0001";
  if (usd < 0.1) return `$${usd.toFixed(4)}`;
  return dollars.format(usd);
}

function exactUsd(usd: number): string {
  return `$${smallAmount.format(usd)}`;
}
