// What a player says to whatever else shows the same moment of the clip: its time in seconds.

const CLIP_TIME = "poselab-time";

export function tellTime(time) {
  document.dispatchEvent(new CustomEvent(CLIP_TIME, { detail: time }));
}

// Returns what ends it.
export function hearTime(take) {
  const hear = ({ detail }) => take(detail);
  document.addEventListener(CLIP_TIME, hear);
  return () => document.removeEventListener(CLIP_TIME, hear);
}
