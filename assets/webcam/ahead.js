// Opens the engine ahead of its being needed, where no picture has come from the server soon after the start. It is
// closed where nobody has taken it a while after this is gone.

import { closeSpare, openSpare } from "./spare_engine.js";

const SOON_MS = 300;
const TAKEN_WITHIN_MS = 5000;

let waiting;

function open(data) {
  const frames = [...document.querySelectorAll("iframe[title^='streamlit_webrtc']")];
  const arrived = frames.some(({ contentDocument }) => contentDocument?.querySelector("video")?.readyState >= 2);
  if (!arrived) openSpare(data);
}

export default function ({ data }) {
  waiting ??= setTimeout(open, SOON_MS, data);
  return () => {
    clearTimeout(waiting);
    waiting = undefined;
    setTimeout(closeSpare, TAKEN_WITHIN_MS);
  };
}
