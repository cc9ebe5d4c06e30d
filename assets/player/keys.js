// Which key does what, unless it is meant for something else on the page.

const ACTIONS = { ArrowLeft: "back", ArrowRight: "forward", " ": "toggle" };
const TAKES_KEYS = "input, textarea, select, [role=slider], [role=tab], [role=radio], [role=combobox], [role=listbox]";

// "back", "forward", "toggle" or nothing.
export function keyAction(event) {
  if (event.altKey || event.ctrlKey || event.metaKey) return undefined;
  const inUse = event.key === " " ? `${TAKES_KEYS}, button` : TAKES_KEYS;
  return event.composedPath().some((node) => node.matches?.(inUse)) ? undefined : ACTIONS[event.key];
}
