// Which key does what, unless it is meant for something else on the page.

export const ACTIONS = {
  " ": "toggle",
  ArrowLeft: "back",
  ArrowRight: "forward",
  "<": "slower",
  ">": "faster",
  i: "loopStart",
  o: "loopEnd",
  l: "loopRepetition",
  "+": "closer",
  "-": "farther",
  0: "whole",
  f: "full",
  "?": "help",
  Escape: "leave",
};
const TAKES_KEYS = "input, textarea, select, [role=slider], [role=tab], [role=radio], [role=combobox], [role=listbox]";

// The name of an action or nothing.
export function keyAction(event) {
  if (event.altKey || event.ctrlKey || event.metaKey) return undefined;
  const inUse = event.key === " " ? `${TAKES_KEYS}, button` : TAKES_KEYS;
  return event.composedPath().some((node) => node.matches?.(inUse)) ? undefined : ACTIONS[event.key];
}
