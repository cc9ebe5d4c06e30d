// What a player says to whatever else shows the same moment of the clip: its time in seconds.

const NAME = "poselab-time";

export function tellTime(time) {
  document.dispatchEvent(new CustomEvent(NAME, { detail: time }));
}

// Returns what ends it.
export function hearTime(take) {
  const hear = ({ detail }) => take(detail);
  document.addEventListener(NAME, hear);
  return () => document.removeEventListener(NAME, hear);
}
