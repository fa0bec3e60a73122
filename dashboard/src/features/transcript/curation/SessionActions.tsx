import { Download, Star, Trash2 } from "lucide-react";
import { lazy } from "react";
import { useCuration } from "../../../lib/curation.ts";
import { useAction } from "../../../lib/keyboard/use-actions.tsx";
import type { SessionRecord } from "../../../lib/session-record.ts";
import { IconButton } from "../../../ui/Button.tsx";
import { LazyButton } from "../../../ui/LazyButton.tsx";

const loadMenu = async () => ({ default: (await import("./ExportMenu.tsx")).ExportMenu });
const ExportMenu = lazy(loadMenu);

/** Star, export and delete. A deleted session can be brought back for a while, so nothing is asked first. */
export function SessionActions({ session, onDeleted }: { session: SessionRecord; onDeleted: () => void }) {
  const { change, moveToTrash } = useCuration();
  const toggleStar = () => change([session.id], { starred: !session.starred });
  useAction("star", toggleStar);
  return (
    <>
      <IconButton label="Star" aria-pressed={session.starred} onClick={toggleStar}>
        <Star size={17} aria-hidden="true" className={session.starred ? "fill-current text-warn" : ""} />
      </IconButton>
      <LazyButton label="Export" load={loadMenu} replacement={<ExportMenu sessionId={session.id} />}>
        <Download size={17} aria-hidden="true" />
      </LazyButton>
      <IconButton
        label="Move to trash"
        onClick={() => {
          moveToTrash([session.id]);
          onDeleted();
        }}
      >
        <Trash2 size={17} aria-hidden="true" />
      </IconButton>
    </>
  );
}
