import { Download } from "lucide-react";
import { useDownload } from "../../../lib/use-download.ts";
import { IconButton } from "../../../ui/Button.tsx";
import { Menu, MenuItem, MenuLabel } from "../../../ui/Menu.tsx";

const formats = [
  { value: "markdown", label: "Markdown" },
  { value: "html", label: "HTML page" },
  { value: "json", label: "JSON" },
  { value: "jsonl", label: "JSON Lines" },
  { value: "text", label: "Plain text" },
] as const;

/** Saves the session as a file. */
export function ExportMenu({ sessionId }: { sessionId: string }) {
  const { save, isBusy } = useDownload();
  return (
    <Menu
      isOpenAtFirst
      trigger={
        <IconButton label="Export" disabled={isBusy}>
          <Download size={17} aria-hidden="true" />
        </IconButton>
      }
    >
      <MenuLabel>Save this session as</MenuLabel>
      {formats.map(({ value, label }) => (
        <MenuItem key={value} onSelect={() => save(`/api/export?id=${sessionId}&format=${value}`)}>
          {label}
        </MenuItem>
      ))}
    </Menu>
  );
}
