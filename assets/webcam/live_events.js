// What the webcam says to whatever stands beside it on the page: { frame } that was looked at, or { said } by the server.

const NAME = "poselab-live";

export function tellLive(detail) {
  document.dispatchEvent(new CustomEvent(NAME, { detail }));
}

// Returns what ends it.
export function hearLive(take) {
  const hear = ({ detail }) => take(detail);
  document.addEventListener(NAME, hear);
  return () => document.removeEventListener(NAME, hear);
}
