/**
 * Puts text on the clipboard. Browsers offer their clipboard to secure pages only (HTTPS or localhost), and a server at
 * home is often plain HTTP, so a selection and the old copy command are the second way.
 * @returns whether it is on the clipboard
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const field = document.createElement("textarea");
  field.value = text;
  field.readOnly = true;
  field.className = "fixed top-0 opacity-0";
  // Inside an open dialog, or its focus trap would take the selection away.
  const parent = document.querySelector("[role=dialog], [role=alertdialog]") ?? document.body;
  parent.append(field);
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  return isCopied;
}
