import type { Block, DataBlock } from "../read-parts.ts";
import { Compaction, FileBlock, PatchBlock, SubtaskBlock } from "./OtherBlocks.tsx";
import { RichText } from "./RichText.tsx";
import { Thinking } from "./Thinking.tsx";
import { ToolCard } from "./ToolCard.tsx";

/** One block of a message. @param id unique on the page, and the same whenever the message is drawn */
export function BlockView({ id, block }: { id: string; block: Exclude<Block, DataBlock> }) {
  switch (block.kind) {
    case "text":
      return (
        <div className={block.isSynthetic ? "border-line-strong border-l-2 pl-3 text-muted" : ""}>
          {block.isSynthetic ? <p className="text-faint text-xs">added by the agent, not typed</p> : null}
          <RichText text={block.text} />
        </div>
      );
    case "thinking":
      return <Thinking id={id} text={block.text} />;
    case "tool":
      return <ToolCard id={id} call={block.call} result={block.result} />;
    case "file":
      return <FileBlock file={block.file} />;
    case "patch":
      return <PatchBlock id={id} files={block.files} diff={block.diff} />;
    case "subtask":
      return <SubtaskBlock id={id} title={block.title} prompt={block.prompt} />;
    case "compaction":
      return <Compaction summary={block.summary} />;
  }
}
