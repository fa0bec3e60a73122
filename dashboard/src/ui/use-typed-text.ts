import { useEffect, useRef, useState } from "react";

const TYPING_PAUSE_MS = 200;

/**
 * A text that counts after a short pause in typing. It may also change from outside (back, clear), unless that is only
 * the echo of what was typed.
 * @param onChange called with the text, without white space around it
 */
export function useTypedText(text: string, onChange: (text: string) => void) {
  const [typed, setTyped] = useState(text);
  const [given, setGiven] = useState(text);
  const timer = useRef<number>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  if (given !== text) {
    setGiven(text);
    if (text !== typed.trim()) setTyped(text);
  }
  const change = (next: string) => {
    clearTimeout(timer.current);
    onChange(next.trim());
  };
  const type = (next: string) => {
    setTyped(next);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => change(next), TYPING_PAUSE_MS);
  };
  return { typed, type, submit: () => change(typed) };
}
