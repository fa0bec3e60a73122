import { actionIds, actions } from "../lib/keyboard/actions.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { Keys } from "../ui/Keys.tsx";

const groups = Map.groupBy(actionIds, (id) => actions[id].group);

/** Every key, from the table that the keyboard itself reads. */
export function ShortcutsDialog({
  isOpen,
  onOpenChange,
}: {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}) {
  return (
    <Dialog title="Keyboard shortcuts" isOpen={isOpen} onOpenChange={onOpenChange}>
      <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2">
        {[...groups].map(([group, ids]) => (
          <section key={group}>
            <h3 className="mb-1 font-medium text-faint text-xs">{group}</h3>
            <dl>
              {ids.map((id) => (
                <div key={id} className="flex items-center justify-between gap-4 py-1 text-sm">
                  <dt>{actions[id].label}</dt>
                  <dd>
                    <Keys keys={actions[id].keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="mt-5 text-muted text-sm">Enter opens what is selected. Escape closes, and leaves a field.</p>
    </Dialog>
  );
}
