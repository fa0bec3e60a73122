import { Link2 } from "lucide-react";
import { memo, useMemo } from "react";
import { formatCompact, formatCount } from "../../lib/format-number.ts";
import { formatDuration } from "../../lib/format-time.ts";
import { priceLabel } from "../../lib/price-label.ts";
import { inputTokens, outputTokens, tokenKinds, totalTokens } from "../../lib/token-count.ts";
import { IconButton } from "../../ui/Button.tsx";
import { classes } from "../../ui/classes.ts";
import { LabelledFigure } from "../../ui/LabelledFigure.tsx";
import { Time } from "../../ui/Time.tsx";
import { BlockView } from "./blocks/BlockView.tsx";
import { OtherParts, OtherPartsButton } from "./blocks/OtherParts.tsx";
import type { MessageRecord } from "./message-record.ts";
import { readBlocks } from "./read-parts.ts";

interface MessageItemProps {
  message: MessageRecord;
  /** The message that the address names. */
  isTarget: boolean;
  onCopyLink: (id: string) => void;
}

const roleNames: Readonly<Record<string, string>> = {
  user: "You",
  assistant: "Assistant",
  system: "System",
  tool: "Tool",
};

/** One message: who, when, what it took, and its blocks in their order. */
export const MessageItem = memo(function MessageItem({ message, isTarget, onCopyLink }: MessageItemProps) {
  const blocks = useMemo(() => readBlocks(message.parts, message.textContent), [message]);
  const others = blocks.filter((block) => block.kind === "data");
  const isPrompt = message.role === "user";
  return (
    <article
      id={`message-${message.id}`}
      tabIndex={-1}
      aria-label={`${roleNames[message.role] ?? message.role} message`}
      className={classes(
        "group mx-auto max-w-[54rem] rounded-lg px-3 py-2.5 outline-none focus-visible:outline-2 sm:px-4",
        isPrompt && "bg-accent-fill",
        isTarget && "ring-2 ring-accent",
      )}
    >
      <header className="mb-1 flex min-h-6 flex-wrap items-center gap-x-2.5 text-sm">
        <MessageOrigin message={message} />
        <OtherPartsButton id={message.id} parts={others} />
        <IconButton
          label="Copy link to this message"
          className="-my-1 size-6 text-faint opacity-0 focus-visible:opacity-100 group-hover:opacity-100 group-focus:opacity-100"
          onClick={() => onCopyLink(message.id)}
        >
          <Link2 size={14} aria-hidden="true" />
        </IconButton>
        <span className="flex items-center gap-x-3 text-muted text-xs sm:ml-auto">
          <MessageFigures message={message} />
          <Time timeMs={message.createdAt} />
        </span>
      </header>
      {blocks.map((block, index) => {
        // Blocks have no ids of their own, and their order is that of the message: the place is the identity.
        const id = `${message.id}/${index}`;
        return block.kind === "data" ? null : <BlockView key={id} id={id} block={block} />;
      })}
      <OtherParts id={message.id} parts={others} />
      {blocks.length === 0 && !message.error ? <p className="text-faint text-sm">no content</p> : null}
      {message.error ? (
        <p className="mt-2 rounded-md bg-danger-fill px-3 py-2 text-sm">
          <span className="font-medium text-danger">{message.error.name}</span> {message.error.message}
        </p>
      ) : null}
    </article>
  );
});

/** Who wrote it: for an answer also which model, in which role of the agent. */
function MessageOrigin({ message }: { message: MessageRecord }) {
  const isPrompt = message.role === "user";
  return (
    <>
      <h2 className={classes("font-semibold", isPrompt && "text-accent-strong")}>
        {roleNames[message.role] ?? message.role}
      </h2>
      {message.model && !isPrompt ? <span className="text-muted">{message.model}</span> : null}
      {message.agent && !isPrompt ? <span className="text-faint">{message.agent}</span> : null}
      {message.removedAt > 0 ? <span className="rounded bg-warn-fill px-1.5 text-warn text-xs">undone</span> : null}
    </>
  );
}

/** Tokens and cost of a response; a message that nobody paid for has neither. */
function MessageFigures({ message }: { message: MessageRecord }) {
  const total = totalTokens(message);
  if (message.role !== "assistant" && total === 0 && message.cost === 0) return null;
  const kinds = tokenKinds(message).map(({ name, count }) => `${formatCount(count)} ${name}`);
  const took = message.durationMs > 0 ? [`took ${formatDuration(message.durationMs)}`] : [];
  return (
    <>
      {total > 0 ? (
        <span title={[...kinds, ...took].join(" · ")} className="whitespace-nowrap">
          {formatCompact(inputTokens(message))} in · {formatCompact(outputTokens(message))} out
        </span>
      ) : null}
      <LabelledFigure {...labelled(message, total)} />
    </>
  );
}

function labelled(message: MessageRecord, total: number) {
  const price = priceLabel(message, total);
  return price.label === "" ? { ...price, text: "cost unknown" } : price;
}
