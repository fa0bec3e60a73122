import { createContext, useContext, useEffectEvent, useLayoutEffect, useState } from "react";
import { type ActionId, actionForKeys, actionIds, actions } from "./actions.ts";
import { EMPTY_BUFFER, nextKey } from "./key-sequence.ts";

/** What actions do at the moment: the topmost component that offers an action handles it. */
class ActionHandlers {
  readonly #stacks = new Map<ActionId, (() => void)[]>();

  add(id: ActionId, run: () => void): () => void {
    const stack = this.#stacks.get(id) ?? [];
    this.#stacks.set(id, [...stack, run]);
    return () =>
      this.#stacks.set(
        id,
        (this.#stacks.get(id) ?? []).filter((other) => other !== run),
      );
  }

  /** Does it, if anything on the page can. Says whether it did. */
  run(id: ActionId): boolean {
    const handler = this.#stacks.get(id)?.at(-1);
    handler?.();
    return handler !== undefined;
  }
}

const HandlersContext = createContext(new ActionHandlers());

/** Lets everything below offer actions, and listens to the keyboard for them. */
export function ActionsProvider({ children }: { children: React.ReactNode }) {
  const [handlers] = useState(() => new ActionHandlers());
  useLayoutEffect(() => {
    let buffer = EMPTY_BUFFER;
    const bindings = actionIds.map((id) => actions[id].keys);
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === "Escape" && isField(event.target)) event.target.blur();
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (event.key === "Shift" || isField(event.target) || isInOverlay()) return;
      const next = nextKey(buffer, event.key, event.timeStamp, bindings);
      buffer = next.buffer;
      const action = next.match === undefined ? undefined : actionForKeys(next.match);
      if (action !== undefined && handlers.run(action)) event.preventDefault();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [handlers]);
  return <HandlersContext value={handlers}>{children}</HandlersContext>;
}

/** Offers an action while the component is mounted. */
export function useAction(id: ActionId, run: () => void): void {
  const handlers = useContext(HandlersContext);
  const runLatest = useEffectEvent(run);
  // Before the paint: what can be seen can be used.
  useLayoutEffect(() => handlers.add(id, () => runLatest()), [handlers, id]);
}

/** Runs an action the way its key does, for menus and buttons. */
export function useRunAction(): (id: ActionId) => void {
  const handlers = useContext(HandlersContext);
  return (id) => void handlers.run(id);
}

function isField(target: EventTarget | null): target is HTMLElement {
  return target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
}

function isInOverlay(): boolean {
  return document.querySelector("[role=dialog], [role=alertdialog], [role=menu]") !== null;
}
